// Logic that settles in steps of time: synth/timed.py says what it means, gives the netlist, and
// defines WORDS, how many words of lanes a net has.
//
// A change of a gate's output waits in `due` for the step in which it happens; a gate that wants its
// old value again before that takes it back. Only gates whose inputs have changed are looked at.

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

namespace {

using Word = std::uint64_t;  // 64 lanes
using Words = std::array<Word, WORDS>;

using Index = std::int32_t;

struct Change {
    Index step;
    Words lanes;
};

struct Gate {
    Words wanted, late;
    const Word* table;  // 2**inputs times no bit or all, the last input changing fastest
    const Index* sources;
    std::vector<Change> due;  // by rising step; what was taken back has no lanes
    Index inputs, target, delay;
    Index seen;
    bool is_late;
};

// A truth table of N inputs, the first of which says which half of the table counts.
template <int N>
inline Words lookup(const Word* table, const Index* sources, const Words* values) {
    Words low, high;
    if constexpr (N == 0) {
        low.fill(table[0]);
        return low;
    } else if constexpr (N == 1) {
        low.fill(table[0]);
        high.fill(table[1]);
    } else {
        low = lookup<N - 1>(table, sources + 1, values);
        high = lookup<N - 1>(table + (1 << (N - 1)), sources + 1, values);
    }
    for (int w = 0; w < WORDS; ++w) low[w] ^= (low[w] ^ high[w]) & values[*sources][w];
    return low;
}

Words evaluate(const Word* table, const Index* sources, Index inputs, const Words* values) {
    switch (inputs) {
        case 0: return lookup<0>(table, sources, values);
        case 1: return lookup<1>(table, sources, values);
        case 2: return lookup<2>(table, sources, values);
        case 3: return lookup<3>(table, sources, values);
        case 4: return lookup<4>(table, sources, values);
    }
    Words low = evaluate(table, sources + 1, inputs - 1, values);
    const Words high = evaluate(table + (Index(1) << (inputs - 1)), sources + 1, inputs - 1, values);
    for (int w = 0; w < WORDS; ++w) low[w] ^= (low[w] ^ high[w]) & values[*sources][w];
    return low;
}

class Timed {
  public:
    Timed(std::int64_t nets, std::int64_t gates, const std::int64_t* targets,
          const std::int64_t* delays, const std::int64_t* first_source, const std::int64_t* sources,
          const std::int64_t* rows, std::int64_t table_rows, const Word* tables,
          const Words* values)
        : sources_(sources, sources + first_source[gates]), tables_(tables, tables + table_rows),
          first_reader_(nets + 1), before_(values, values + nets) {
        std::vector<bool> driven(nets);
        for (std::int64_t g = 0; g < gates; ++g) {
            const Index delay = delays[g];
            const Index inputs = first_source[g + 1] - first_source[g];
            gates_.push_back({values[targets[g]], {}, &tables_[rows[g]],
                              &sources_[first_source[g]], {}, inputs, Index(targets[g]), delay, 0,
                              false});
            slots_ = std::max(slots_, delay + 1);
            driven[targets[g]] = true;
        }
        for (const Index net : sources_) ++first_reader_[net + 1];
        std::partial_sum(first_reader_.begin(), first_reader_.end(), first_reader_.begin());
        readers_.resize(sources_.size());
        std::vector<Index> free(first_reader_);
        for (std::int64_t g = 0; g < gates; ++g)
            for (Index i = 0; i < gates_[g].inputs; ++i) readers_[free[gates_[g].sources[i]]++] = g;
        for (std::int64_t net = 0; net < nets; ++net)
            if (!driven[net] && first_reader_[net] < first_reader_[net + 1]) inputs_.push_back(net);
        planned_.resize(slots_);
    }

    // Whether the logic settles within `steps`; adds the changes in the lanes of `mask`.
    bool settle(Words* values, std::int64_t* toggles, const Words& mask, Index steps) {
        changed_.clear();
        for (const Index net : inputs_)
            if (before_[net] != values[net]) {
                before_[net] = values[net];
                changed_.push_back(net);
            }
        follow(values, 0);
        for (Index step = 1; late_gates_; ++step) {
            if (step == steps) return false;
            auto& planned = planned_[step % slots_];
            changed_.clear();
            for (const Index g : planned) change(gates_[g], values, toggles, mask);
            planned.clear();
            follow(values, step);
        }
        for (auto& planned : planned_) {
            for (const Index g : planned) gates_[g].due.clear();
            planned.clear();
        }
        return true;
    }

  private:
    static bool any(const Words& words) {
        Word found = 0;
        for (const Word word : words) found |= word;
        return found;
    }

    void change(Gate& gate, Words* values, std::int64_t* toggles, const Words& mask) {
        const Words lanes = gate.due.front().lanes;
        gate.due.erase(gate.due.begin());
        if (!any(lanes)) return;
        for (int w = 0; w < WORDS; ++w) {
            values[gate.target][w] ^= lanes[w];
            gate.late[w] ^= lanes[w];
            toggles[gate.target] += __builtin_popcountll(lanes[w] & mask[w]);
        }
        changed_.push_back(gate.target);
        count_late(gate);
    }

    // What the readers of `changed_` want from `step` on.
    void follow(const Words* values, Index step) {
        ++time_;
        for (const Index net : changed_)
            for (Index i = first_reader_[net]; i < first_reader_[net + 1]; ++i) {
                Gate& gate = gates_[readers_[i]];
                if (gate.seen == time_) continue;
                gate.seen = time_;
                want(readers_[i], evaluate(gate.table, gate.sources, gate.inputs, values), step);
            }
    }

    void want(Index g, const Words& now, Index step) {
        Gate& gate = gates_[g];
        if (now == gate.wanted) return;
        Words back, added;
        for (int w = 0; w < WORDS; ++w) {
            const Word other = now[w] ^ gate.wanted[w];
            back[w] = other & gate.late[w];
            added[w] = other & ~back[w];
            gate.late[w] ^= other;
        }
        gate.wanted = now;
        if (any(back))
            for (Change& change : gate.due)
                for (int w = 0; w < WORDS; ++w) change.lanes[w] &= ~back[w];
        if (any(added)) {
            gate.due.push_back({step + gate.delay, added});
            planned_[(step + gate.delay) % slots_].push_back(g);
        }
        count_late(gate);
    }

    void count_late(Gate& gate) {
        const bool late = any(gate.late);
        late_gates_ += late - gate.is_late;
        gate.is_late = late;
    }

    Index slots_ = 1, late_gates_ = 0, time_ = 0;
    std::vector<Index> sources_;
    std::vector<Word> tables_;
    std::vector<Gate> gates_;
    std::vector<Index> first_reader_, readers_, inputs_, changed_;
    std::vector<Words> before_;
    std::vector<std::vector<Index>> planned_;
};

}  // namespace

extern "C" {

Timed* timed_new(std::int64_t nets, std::int64_t gates, const std::int64_t* targets,
                 const std::int64_t* delays, const std::int64_t* first_source,
                 const std::int64_t* sources, const std::int64_t* rows, std::int64_t table_rows,
                 const Word* tables, const Words* values) {
    return new Timed(nets, gates, targets, delays, first_source, sources, rows, table_rows, tables,
                     values);
}

void timed_delete(Timed* timed) { delete timed; }

bool timed_settle(Timed* timed, Words* values, std::int64_t* toggles, const Words* mask,
                  std::int64_t steps) {
    return timed->settle(values, toggles, *mask, Index(steps));
}
}
