// Stands in for liblz4 where Verilator's FST writer wants it, so that waves need no library on the
// machine. It writes valid LZ4 blocks of literals only: the writer keeps what is smaller, the block or
// the plain data, and takes the plain data wherever the file format leaves the choice.
#pragma once

#include <cstring>

inline int LZ4_compressBound(int size) { return size + size / 255 + 16; }

inline int LZ4_compress_default(const char* source, char* target, int size, int) {
    char* at = target;
    // The token's high half is the number of literals; 15 means that more follows, 255 at a time.
    *at++ = char((size < 15 ? size : 15) << 4);
    int more = size - 15;
    for (; more >= 255; more -= 255) *at++ = char(255);
    if (more >= 0) *at++ = char(more);
    std::memcpy(at, source, size_t(size));
    return int(at - target) + size;
}
