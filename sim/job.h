// The folder that a job comes in and a record goes to: see sim/job.py.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

[[noreturn]] inline void fail(const std::string& what) {
    std::fprintf(stderr, "%s\n", what.c_str());
    std::exit(2);
}

template <typename T>
std::vector<T> read_array(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) fail("cannot read " + path);
    std::vector<T> values(size_t(file.tellg()) / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(values.data()), std::streamsize(values.size() * sizeof(T)));
    return values;
}

template <typename T>
void write_array(const std::string& path, const std::vector<T>& values) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(values.data()), std::streamsize(values.size() * sizeof(T)));
    if (!file.flush()) fail("cannot write " + path);
}

using Numbers = std::map<std::string, int64_t>;

inline Numbers read_numbers(const std::string& path) {
    std::ifstream file(path);
    if (!file) fail("cannot read " + path);
    Numbers numbers;
    std::string name;
    for (int64_t value; file >> name >> value;) numbers[name] = value;
    return numbers;
}

inline void write_numbers(const std::string& path, const Numbers& numbers) {
    std::ofstream file(path);
    for (const auto& [name, value] : numbers) file << name << ' ' << value << '\n';
    if (!file.flush()) fail("cannot write " + path);
}
