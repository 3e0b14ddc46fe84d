// The limit of what a host can do: one C++ loop around a verilated engine, with random operands made
// on the spot, no stalls, no checks and nothing kept but a sum. `limit CYCLES K` prints the seconds.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Vtop.h"
#include "lanes.h"

int main(int, char** argv) {
    const long cycles = std::atol(argv[1]);
    const int k = std::atoi(argv[2]);
    Vtop top;
    uint64_t state = 1, sum = 0;
    uint8_t a[A_BYTES + 9], b[B_BYTES + 9];
    auto fill = [&state](uint8_t* bytes, int count) {
        for (int i = 0; i < count; i += 8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            std::memcpy(bytes + i, &state, 8);
        }
    };
    top.rst = 1;
    top.clk = 0;
    top.eval();
    top.clk = 1;
    top.eval();
    top.rst = 0;
    top.a_valid = top.b_valid = top.c_ready = 1;
    const auto start = std::chrono::steady_clock::now();
    int beat = 0;
    for (long cycle = 0; cycle < cycles; ++cycle) {
        fill(a, A_BYTES);
        fill(b, B_BYTES);
        a[A_BYTES] = b[B_BYTES] = uint8_t((beat == 0) | (beat == k - 1) << 1);
        if (++beat == k) beat = 0;
        std::memcpy(&top.a_payload, a, sizeof top.a_payload);
        std::memcpy(&top.b_payload, b, sizeof top.b_payload);
        top.clk = 0;
        top.eval();
        if (top.c_valid) sum += *reinterpret_cast<const uint32_t*>(&top.c_payload);
        top.clk = 1;
        top.eval();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("%.6f %llx\n", took.count(), static_cast<unsigned long long>(sum));
}
