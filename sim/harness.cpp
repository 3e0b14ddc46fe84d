// Runs a verilated engine on a job: `engine FOLDER [WAVES]`. Prints `progress FRACTION` now and then
// and at the end.
// The engine's operand streams and lanes are fixed at compile time (lanes.h, written by
// sim/native.py), so that packing payloads costs next to nothing: OPERANDS(X) is X(a, A) X(b, B) and
// whatever else there is.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "Vtop.h"
#include "lanes.h"
#include "streams.h"
#include "verilated.h"

#if VM_TRACE_FST
#include "verilated_fst_c.h"
using Waves = VerilatedFstC;
#elif VM_TRACE_SAIF
#include "verilated_saif_c.h"
using Waves = VerilatedSaifC;
#elif VM_TRACE
#include "verilated_vcd_c.h"
using Waves = VerilatedVcdC;
#endif

namespace {

// The engine, its clock and its waves.
class Engine {
public:
    Engine() : context_(new VerilatedContext), top_(new Vtop(context_.get(), "")) {}
    ~Engine() { top_->final(); }
    Vtop* operator->() { return top_.get(); }

    void settle() {
        top_->clk = 0;
        step();
    }
    void edge() {
        top_->clk = 1;
        step();
    }
#if VM_TRACE
    void open_waves(const char* path) {
        context_->traceEverOn(true);
        waves_ = std::make_unique<Waves>();
        top_->trace(waves_.get(), 99);
        waves_->open(path);
    }
    void close_waves() { waves_->close(); }
#endif

private:
    void step() {
        top_->eval();
#if VM_TRACE
        waves_->dump(context_->time());
        context_->timeInc(1);
#endif
    }

    std::unique_ptr<VerilatedContext> context_;
    std::unique_ptr<Vtop> top_;
#if VM_TRACE
    std::unique_ptr<Waves> waves_;
#endif
};

// Random bits on all inputs, then a reset: no register has its initial value any more.
void start_dirty(Engine& top, int64_t cycles) {
    uint64_t state = 0x9e3779b97f4a7c15;
    auto random = [&state] {
        state ^= state << 13;
        state ^= state >> 7;
        return state ^= state << 17;
    };
    auto scramble = [&](auto& port, int bits) {
        constexpr size_t size = sizeof port;
        uint8_t bytes[size + 8] = {};
        for (int i = 0; i < (bits + 7) / 8; ++i) bytes[i] = uint8_t(random() >> 32);
        if (bits % 8) bytes[bits / 8] &= uint8_t((1 << bits % 8) - 1);
        std::memcpy(&port, bytes, size);
    };
    for (int64_t i = 0; i < cycles; ++i) {
#define SCRAMBLE(x, X)                                \
    scramble(top->x##_payload, X##_LANES * X##_BITS + 2); \
    top->x##_valid = random() >> 32 & 1;
        OPERANDS(SCRAMBLE)
        top->c_ready = (random() >> 32 & 3) != 0;
        top->rst = 0;
        top.settle();
        top.edge();
    }
    top->rst = 1;
    top.settle();
    top.edge();
    top->rst = 0;
}

class Progress {
public:
    void report_now_and_then(double fraction) {
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(200)) return;
        last_ = now;
        report(fraction);
    }

    void report(double fraction) {
        std::printf("progress %.4f\n", fraction);
        std::fflush(stdout);
    }

private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = std::string(argv[1]) + "/";
    const Numbers job = read_numbers(folder + "job.txt");
    const auto resets = read_array<int64_t>(folder + "resets.bin");
#define SOURCE(x, X) Source<X##Lane, X##_LANES, X##_BITS> x(folder + #x);
    OPERANDS(SOURCE)
    Sink<CLane, C_LANES, C_BITS> c(folder + "c", size_t(job.at("rows")));
#define SIZE(x, X) +x.size()
    const double work = double(size_t(job.at("rows")) OPERANDS(SIZE));
    Engine top;
#if VM_TRACE
    top.open_waves(argv[2]);
#endif
    start_dirty(top, job.at("noise"));

    Numbers record{{"hang", 0}, {"extra", 0}, {"unstable", 0}};
#define TAKEN(x, X) +x.taken()
    const auto done = [&] { return double(c.rows() OPERANDS(TAKEN)) / work; };
    Progress progress;
    int64_t cycle = 0, first = -1, idle = 0, full_since = 0;
    size_t reset = 0;
    for (;; ++cycle) {
        top->rst = reset < resets.size() && resets[reset] == cycle;
#define OFFER(x, X) top->x##_valid = x.offer(top->x##_payload);
        OPERANDS(OFFER)
        top->c_ready = c.ready();
        top.settle();
        if (top->rst) {
            top.edge();
#define RESTART(x, X) x.restart();
            OPERANDS(RESTART)
            c.restart();
            first = -1;
            idle = 0;
            ++reset;
            continue;
        }
#define MOVES(x, X) || (top->x##_valid && top->x##_ready)
        const bool operands_move = false OPERANDS(MOVES);
        const bool c_moves = top->c_valid && top->c_ready;
        if (c.full()) {
            if (c_moves) record["extra"] = 1;
            if (c_moves || cycle - full_since > job.at("drain")) break;
        } else {
            if (!c.see(top->c_valid, top->c_ready, top->c_payload, cycle)) {
                record["unstable"] = 1;
                break;
            }
            full_since = cycle;
        }
        if (first < 0 && operands_move) first = cycle;
#define TAKE(x, X) \
    if (top->x##_valid && top->x##_ready) x.take();
        OPERANDS(TAKE)
        idle = operands_move || c_moves ? 0 : idle + 1;
        if (!c.full() && idle > job.at("patience")) {
            record["hang"] = 1;
            break;
        }
        if (cycle % 64 == 0) progress.report_now_and_then(done());
        top.edge();
    }
    progress.report(done());
    record["cycle"] = cycle;
    record["first"] = first;
    record["resets"] = int64_t(reset);
#define RECORD(x, X)                          \
    record[#x "_taken"] = int64_t(x.taken()); \
    record[#x "_valid"] = top->x##_valid;     \
    record[#x "_ready"] = top->x##_ready;
    OPERANDS(RECORD)
    record["c_valid"] = top->c_valid;
    record["c_ready"] = top->c_ready;
#if VM_TRACE
    top.close_waves();
#endif
    c.write(folder + "c");
    write_numbers(folder + "record.txt", record);
}
