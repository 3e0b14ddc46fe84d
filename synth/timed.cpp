// Logic that settles in steps of time: synth/timed.py says what it means and gives the netlist.
//
// A change of a gate's output waits in `due`, by the step in which it happens; a gate that wants its
// old value again before that takes it back. Only gates whose inputs have changed are looked at.

#include <algorithm>
#include <cstdint>
#include <vector>

namespace {

using Word = std::uint64_t;  // 64 lanes

struct Gate {
    std::int64_t target;
    std::int64_t delay;
    std::int64_t due;  // where its delay + 1 places in `due_` begin
    const std::int64_t* sources;
    std::int64_t inputs;
    const std::uint8_t* table;  // 2**inputs values, the last input changing fastest
};

class Timed {
  public:
    Timed(std::int64_t nets, std::int64_t words, std::int64_t gates, const std::int64_t* targets,
          const std::int64_t* delays, const std::int64_t* first_source, const std::int64_t* sources,
          const std::int64_t* first_row, const std::uint8_t* tables, const Word* values)
        : words_(words), source_nets_(sources, sources + first_source[gates]),
          tables_(tables, tables + first_row[gates]), before_(values, values + nets * words),
          wanted_(gates * words), late_(gates * words), is_late_(gates), seen_(gates, -1),
          readers_(nets), other_(words) {
        std::vector<bool> driven(nets);
        std::int64_t rows = 1, places = 0;
        for (std::int64_t g = 0; g < gates; ++g) {
            gates_.push_back({targets[g], delays[g], places, &source_nets_[first_source[g]],
                              first_source[g + 1] - first_source[g], &tables_[first_row[g]]});
            places += delays[g] + 1;
            driven[targets[g]] = true;
            slots_ = std::max(slots_, delays[g] + 1);
            rows = std::max(rows, first_row[g + 1] - first_row[g]);
            for (std::int64_t i = first_source[g]; i < first_source[g + 1]; ++i)
                readers_[sources[i]].push_back(g);
            for (std::int64_t w = 0; w < words; ++w)
                wanted_[g * words + w] = values[targets[g] * words + w];
        }
        for (std::int64_t net = 0; net < nets; ++net)
            if (!driven[net] && !readers_[net].empty()) inputs_.push_back(net);
        due_.resize(places * words);
        planned_.resize(slots_);
        scratch_.resize(rows * words);
    }

    // Whether the logic settles within `steps`; adds the changes in the lanes of `mask`.
    bool settle(Word* values, std::int64_t* toggles, const Word* mask, std::int64_t steps) {
        changed_.clear();
        for (const std::int64_t net : inputs_) {
            bool moved = false;
            for (std::int64_t w = net * words_; w < (net + 1) * words_; ++w) {
                moved |= before_[w] != values[w];
                before_[w] = values[w];
            }
            if (moved) changed_.push_back(net);
        }
        follow(values, 0);
        for (std::int64_t step = 1; late_gates_; ++step) {
            if (step == steps) return false;
            auto& planned = planned_[step % slots_];
            changed_.clear();
            for (const std::int64_t g : planned) change(g, step, values, toggles, mask);
            planned.clear();
            follow(values, step);
        }
        return true;
    }

  private:
    // What is to change at gate g in `step`.
    Word* due(std::int64_t g, std::int64_t step) {
        return &due_[(gates_[g].due + step % (gates_[g].delay + 1)) * words_];
    }

    void change(std::int64_t g, std::int64_t step, Word* values, std::int64_t* toggles,
                const Word* mask) {
        Word* due = this->due(g, step);
        const std::int64_t target = gates_[g].target;
        Word any = 0;
        for (std::int64_t w = 0; w < words_; ++w) {
            any |= due[w];
            values[target * words_ + w] ^= due[w];
            late_[g * words_ + w] ^= due[w];
            toggles[target] += __builtin_popcountll(due[w] & mask[w]);
            due[w] = 0;
        }
        if (!any) return;  // All was taken back.
        changed_.push_back(target);
        count_late(g);
    }

    // What the readers of `changed_` want from `step` on.
    void follow(const Word* values, std::int64_t step) {
        ++time_;
        for (const std::int64_t net : changed_)
            for (const std::int64_t g : readers_[net]) {
                if (seen_[g] == time_) continue;
                seen_[g] = time_;
                want(g, values, step);
            }
    }

    void want(std::int64_t g, const Word* values, std::int64_t step) {
        const Word* now = evaluate(gates_[g], values);
        Word *wanted = &wanted_[g * words_], *late = &late_[g * words_];
        Word moved = 0, given_up = 0;
        for (std::int64_t w = 0; w < words_; ++w) {
            other_[w] = now[w] ^ wanted[w];
            moved |= other_[w];
        }
        if (!moved) return;
        for (std::int64_t w = 0; w < words_; ++w) {
            const Word back = other_[w] & late[w];
            wanted[w] ^= other_[w];
            late[w] ^= other_[w];
            given_up |= back;
            for (std::int64_t place = 0; back && place <= gates_[g].delay; ++place)
                due_[(gates_[g].due + place) * words_ + w] &= ~back;
            other_[w] &= ~back;
        }
        plan(g, step + gates_[g].delay);
        count_late(g);
    }

    void plan(std::int64_t g, std::int64_t step) {
        Word* due = this->due(g, step);
        Word before = 0, added = 0;
        for (std::int64_t w = 0; w < words_; ++w) {
            before |= due[w];
            added |= other_[w];
            due[w] |= other_[w];
        }
        if (added && !before) planned_[step % slots_].push_back(g);
    }

    void count_late(std::int64_t g) {
        Word any = 0;
        for (std::int64_t w = 0; w < words_; ++w) any |= late_[g * words_ + w];
        late_gates_ += bool(any) - is_late_[g];
        is_late_[g] = bool(any);
    }

    // Halves the truth table input by input, the last one first.
    const Word* evaluate(const Gate& gate, const Word* values) {
        std::int64_t rows = std::int64_t(1) << gate.inputs;
        for (std::int64_t row = 0; row < rows; ++row)
            std::fill_n(&scratch_[row * words_], words_, gate.table[row] ? ~Word(0) : 0);
        for (std::int64_t i = gate.inputs; i-- > 0;) {
            const Word* input = &values[gate.sources[i] * words_];
            rows /= 2;
            for (std::int64_t row = 0; row < rows; ++row) {
                const Word *low = &scratch_[2 * row * words_], *high = low + words_;
                Word* both = &scratch_[row * words_];
                for (std::int64_t w = 0; w < words_; ++w)
                    both[w] = low[w] ^ ((low[w] ^ high[w]) & input[w]);
            }
        }
        return scratch_.data();
    }

    std::int64_t words_, slots_ = 1, late_gates_ = 0, time_ = 0;
    std::vector<std::int64_t> source_nets_;
    std::vector<std::uint8_t> tables_;
    std::vector<Gate> gates_;
    std::vector<Word> before_, wanted_, late_, due_, scratch_;
    std::vector<std::int8_t> is_late_;
    std::vector<std::int64_t> seen_, inputs_, changed_;
    std::vector<std::vector<std::int64_t>> readers_, planned_;
    std::vector<Word> other_;
};

}  // namespace

extern "C" {

Timed* timed_new(std::int64_t nets, std::int64_t words, std::int64_t gates,
                 const std::int64_t* targets, const std::int64_t* delays,
                 const std::int64_t* first_source, const std::int64_t* sources,
                 const std::int64_t* first_row, const std::uint8_t* tables, const Word* values) {
    return new Timed(nets, words, gates, targets, delays, first_source, sources, first_row, tables,
                     values);
}

void timed_delete(Timed* timed) { delete timed; }

bool timed_settle(Timed* timed, Word* values, std::int64_t* toggles, const Word* mask,
                  std::int64_t steps) {
    return timed->settle(values, toggles, mask, steps);
}
}
