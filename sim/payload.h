// A beat on a packed port: `lanes` numbers of `bits` bits, lane 0 lowest, then the first and last marks.
#pragma once

#include <cstdint>
#include <cstring>

template <typename Lane, int lanes, int bits>
struct Payload {
    static constexpr int words = (lanes * bits + 2 + 31) / 32;
    // Lanes that fill their type lie in the payload as they lie in memory (little endian).
    static constexpr bool packed = bits == 8 * sizeof(Lane);
    static constexpr uint64_t mask = bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1;

    template <typename Port>
    static void write(Port& port, const Lane* lane, unsigned marks) {
        static_assert(sizeof(Port) <= words * 4 + 4, "the port is as wide as the payload");
        uint32_t word[words + 2] = {};
        if constexpr (packed) {
            std::memcpy(word, lane, lanes * sizeof(Lane));
            word[lanes * bits / 32] |= marks << (lanes * bits % 32);
        } else {
            unsigned __int128 waiting = 0;
            int filled = 0, next = 0;
            for (int i = 0; i <= lanes; ++i) {
                waiting |= (unsigned __int128)(i < lanes ? lane[i] & mask : marks) << filled;
                filled += i < lanes ? bits : 2;
                for (; filled >= 32; filled -= 32, waiting >>= 32) word[next++] = uint32_t(waiting);
            }
            word[next] = uint32_t(waiting);
        }
        std::memcpy(&port, word, sizeof(Port));
    }

    // Returns the marks: bit 0 first, bit 1 last.
    template <typename Port>
    static unsigned read(const Port& port, Lane* lane) {
        uint32_t word[words + 2] = {};
        std::memcpy(word, &port, sizeof(Port));
        if constexpr (packed) {
            std::memcpy(lane, word, lanes * sizeof(Lane));
            return word[lanes * bits / 32] >> (lanes * bits % 32) & 3;
        } else {
            unsigned __int128 waiting = 0;
            int filled = 0, next = 0;
            auto take = [&](int count) {
                for (; filled < count; filled += 32) waiting |= (unsigned __int128)word[next++] << filled;
                uint64_t taken = uint64_t(waiting) & (count == 2 ? 3 : mask);
                waiting >>= count;
                filled -= count;
                return taken;
            };
            for (int i = 0; i < lanes; ++i) lane[i] = Lane(take(bits));
            return unsigned(take(2));
        }
    }
};
