// Runs a verilated ring of devices on a job: `ring FOLDER`. Prints `progress FRACTION` now and then
// and at the end.
//
// The host configures all devices for a phase, feeds their engines, and waits until all are done
// before the next one: see sim/ring.py. What it has to do with the ring is fixed at compile time
// (ring.h): DEVICES(X) is X(0) X(1) ..., STREAMS(X, d) is X(a, d) X(b, d) and whatever else there is.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "Vtop.h"
#include "ring.h"
#include "streams.h"
#include "verilated.h"

#if VM_TRACE_FST
#include "verilated_fst_c.h"
using Waves = VerilatedFstC;
#elif VM_TRACE
#include "verilated_vcd_c.h"
using Waves = VerilatedVcdC;
#endif

namespace {

// The bytes of a packed port.
struct Port {
    uint8_t* at;
    size_t size;
};
template <typename T>
Port port(T& value) {
    return {reinterpret_cast<uint8_t*>(&value), sizeof value};
}

// Offers payloads that are as long as their port; what is offered stays until taken.
class RawSource {
public:
    RawSource(const std::string& path, Port payload, uint8_t& valid, uint8_t& ready)
        : data_(read_array<uint8_t>(path + ".bin")),
          stalls_(path + "_stall.bin"),
          payload_(payload),
          valid_(valid),
          ready_(ready) {}

    void offer(bool allowed = true) {
        const bool stalls = stalls_.next();
        if (!offered_ && !stalls && allowed && taken_ < size()) {
            std::memcpy(payload_.at, &data_[taken_ * payload_.size], payload_.size);
            offered_ = true;
        }
        valid_ = offered_;
    }
    bool moves() const { return valid_ && ready_; }
    void take() {
        offered_ = false;
        ++taken_;
    }
    void restart() {
        offered_ = false;
        taken_ = 0;
    }
    size_t taken() const { return taken_; }
    size_t size() const { return data_.size() / payload_.size; }

private:
    bool offered_ = false;
    std::vector<uint8_t> data_;
    Stalls stalls_;
    Port payload_;
    uint8_t& valid_;
    uint8_t& ready_;
    size_t taken_ = 0;
};

// Takes payloads, and checks that one on offer does not change.
class RawSink {
public:
    RawSink(const std::string& path, Port payload, uint8_t& valid, uint8_t& ready)
        : stalls_(path + "_stall.bin"), payload_(payload), valid_(valid), ready_(ready) {}

    void prepare() { ready_ = !stalls_.next(); }
    bool moves() const { return valid_ && ready_; }
    bool see() {
        if (!valid_) return refused_.empty();
        if (!refused_.empty() && std::memcmp(refused_.data(), payload_.at, payload_.size) != 0) return false;
        refused_.clear();
        auto& kept = ready_ ? data_ : refused_;
        kept.insert(kept.end(), payload_.at, payload_.at + payload_.size);
        return true;
    }
    void restart() {
        data_.clear();
        refused_.clear();
    }
    size_t size() const { return data_.size() / payload_.size; }
    const std::vector<uint8_t>& data() const { return data_; }

private:
    Stalls stalls_;
    Port payload_;
    uint8_t& valid_;
    uint8_t& ready_;
    std::vector<uint8_t> data_, refused_;
};

struct Device {
    std::vector<std::unique_ptr<RawSource>> operands;
    std::unique_ptr<RawSource> config;
    std::unique_ptr<RawSink> host;
    uint8_t* done;
    uint32_t* counters;
};

constexpr size_t COUNTERS = COUNTER_COUNT;

}  // namespace

int main(int argc, char** argv) {
    const std::string folder = std::string(argv[1]) + "/";
    const Numbers job = read_numbers(folder + "job.txt");
    const auto resets = read_array<int64_t>(folder + "resets.bin");
    const auto context = std::make_unique<VerilatedContext>();
    const auto top = std::make_unique<Vtop>(context.get(), "");
#if VM_TRACE
    context->traceEverOn(true);
    Waves waves;
    top->trace(&waves, 99);
    waves.open(argv[2]);
#endif
    const auto step = [&](int clk) {
        top->clk = clk;
        top->eval();
#if VM_TRACE
        waves.dump(context->time());
        context->timeInc(1);
#endif
    };

    std::vector<Device> devices(DEVICE_COUNT);
#define OPERAND(x, d)                                                                     \
    devices[d].operands.push_back(std::make_unique<RawSource>(                            \
        folder + #x "_" #d, port(top->x##_##d##_payload), top->x##_##d##_valid, top->x##_##d##_ready));
#define DEVICE(d)                                                                                  \
    STREAMS(OPERAND, d)                                                                            \
    devices[d].config = std::make_unique<RawSource>(folder + "config_" #d, port(top->config_##d##_payload), \
                                                    top->config_##d##_valid, top->config_##d##_ready); \
    devices[d].host = std::make_unique<RawSink>(folder + "c_" #d, port(top->c_##d##_payload),      \
                                                top->c_##d##_valid, top->c_##d##_ready);           \
    devices[d].done = &top->done_##d;                                                              \
    devices[d].counters = reinterpret_cast<uint32_t*>(port(top->counters_##d).at);
    DEVICES(DEVICE)

    // Noise on all inputs, then a reset: no register has its initial value any more.
    uint64_t state = 0x9e3779b97f4a7c15;
    const auto random = [&state] {
        state ^= state << 13;
        state ^= state >> 7;
        return state ^= state << 17;
    };
    const auto scramble = [&](Port input, int bits) {
        for (size_t i = 0; i < input.size; ++i) input.at[i] = 0;
        for (int i = 0; i < (bits + 7) / 8; ++i) input.at[i] = uint8_t(random() >> 32);
        if (bits % 8) input.at[bits / 8] &= uint8_t((1 << bits % 8) - 1);
    };
    for (int64_t i = 0; i < job.at("noise"); ++i) {
#define NOISE(x, d)                                         \
    scramble(port(top->x##_##d##_payload), x##_BITS);       \
    top->x##_##d##_valid = random() >> 32 & 1;
#define NOISY(d) STREAMS(NOISE, d) NOISE(config, d) top->c_##d##_ready = random() >> 32 & 1;
        DEVICES(NOISY)
        top->rst = 0;
        step(0);
        step(1);
    }

    const size_t phases = size_t(job.at("phases"));
    const int64_t period = job.at("period");
    double work = 1;
    size_t due = 0;
    for (const auto& device : devices) {
        for (const auto& operand : device.operands) work += double(operand->size());
    }
    due = size_t(job.at("words"));
    work += double(due);

    Numbers record{{"hang", 0}, {"extra", 0}, {"unstable", 0}};
    std::vector<int64_t> began, ended;
    std::vector<uint32_t> samples, totals;
    const auto sample = [&](std::vector<uint32_t>& into) {
        for (const auto& device : devices) into.insert(into.end(), device.counters, device.counters + COUNTERS);
    };
    const auto restart = [&] {
        for (auto& device : devices) {
            for (auto& operand : device.operands) operand->restart();
            device.config->restart();
            device.host->restart();
        }
        began.clear();
        ended.clear();
        samples.clear();
        totals.clear();
    };
    restart();
    auto last_report = std::chrono::steady_clock::now();
    int64_t cycle = -1, idle = 0, begin = 0;
    size_t reset = 0, over = 0;
    for (;; ++cycle) {
        top->rst = cycle < 0 || (reset < resets.size() && resets[reset] == cycle);
        for (auto& device : devices) {
            for (auto& operand : device.operands) operand->offer();
            device.config->offer(device.config->taken() < began.size());
            device.host->prepare();
        }
        step(0);
        if (top->rst) {
            step(1);
            restart();
            idle = 0;
            begin = cycle + 1;
            if (cycle >= 0) ++reset;
            continue;
        }
        bool moves = false, all_done = true;
        for (auto& device : devices) {
            for (auto& operand : device.operands) moves |= operand->moves();
            moves |= device.config->moves() || device.host->moves();
            all_done &= *device.done && device.config->taken() == began.size();
        }
        bool stable = true;
        size_t words = 0;
        for (auto& device : devices) {
            for (auto& operand : device.operands)
                if (operand->moves()) operand->take();
            if (device.config->moves()) device.config->take();
            stable &= device.host->see();
            words += device.host->size();
        }
        if (!stable) {
            record["unstable"] = 1;
            break;
        }
        if ((cycle - begin) % period == 0) sample(samples);
        if (all_done) {
            if (began.size() > ended.size()) {
                ended.push_back(cycle - begin);
                sample(totals);
            }
            if (ended.size() == phases) {
                // All is said: what comes now comes too often.
                if (words > due) {
                    record["extra"] = 1;
                    break;
                }
                if (++over > size_t(job.at("drain"))) break;
            } else {
                began.push_back(cycle - begin);
            }
        }
        idle = moves ? 0 : idle + 1;
        if (ended.size() < phases && idle > job.at("patience")) {
            record["hang"] = 1;
            break;
        }
        if (cycle % 64 == 0) {
            const auto now = std::chrono::steady_clock::now();
            if (now - last_report > std::chrono::milliseconds(200)) {
                last_report = now;
                double done = 0;
                for (auto& device : devices) {
                    done += double(device.host->size());
                    for (auto& operand : device.operands) done += double(operand->taken());
                }
                std::printf("progress %.4f\n", done / work);
                std::fflush(stdout);
            }
        }
        step(1);
    }
    std::printf("progress 1\n");
    record["cycle"] = cycle;
    record["resets"] = int64_t(reset);
#if VM_TRACE
    waves.close();
#endif
    for (size_t i = 0; i < devices.size(); ++i)
        write_array(folder + "words_" + std::to_string(i) + ".bin", devices[i].host->data());
    write_array(folder + "began.bin", began);
    write_array(folder + "ended.bin", ended);
    write_array(folder + "samples.bin", samples);
    write_array(folder + "totals.bin", totals);
    write_numbers(folder + "record.txt", record);
    top->final();
}
