// The host's side of an engine's streams. A beat moves in a cycle with valid and ready.
#pragma once

#include <string>

#include "job.h"
#include "payload.h"

// Whether the host stalls, cycle after cycle.
class Stalls {
public:
    explicit Stalls(const std::string& path) : pattern_(read_array<uint8_t>(path)) {}
    bool next() {
        const bool stalls = pattern_[at_];
        if (++at_ == pattern_.size()) at_ = 0;
        return stalls;
    }

private:
    std::vector<uint8_t> pattern_;
    size_t at_ = 0;
};

// Offers the beats of one operand; what is offered stays until taken.
template <typename Lane, int lanes, int bits>
class Source {
public:
    explicit Source(const std::string& path)
        : data_(read_array<Lane>(path + ".bin")),
          marks_(read_array<uint8_t>(path + "_marks.bin")),
          stalls_(path + "_stall.bin") {}

    template <typename Port>
    bool offer(Port& payload) {
        const bool stalls = stalls_.next();
        if (!offered_ && !stalls && taken_ < marks_.size()) {
            Payload<Lane, lanes, bits>::write(payload, &data_[taken_ * lanes], marks_[taken_]);
            offered_ = true;
        }
        return offered_;
    }
    void take() {
        offered_ = false;
        ++taken_;
    }
    void restart() {
        offered_ = false;
        taken_ = 0;
    }
    size_t taken() const { return taken_; }
    size_t size() const { return marks_.size(); }

private:
    std::vector<Lane> data_;
    std::vector<uint8_t> marks_;
    Stalls stalls_;
    size_t taken_ = 0;
    bool offered_ = false;
};

// Takes rows of results and checks that a row on offer does not change.
template <typename Lane, int lanes, int bits>
class Sink {
public:
    explicit Sink(const std::string& path, size_t due) : stalls_(path + "_stall.bin"), due_(due) {
        data_.reserve(due * lanes);
    }

    bool ready() { return !stalls_.next() || full(); }
    bool full() const { return cycles_.size() >= due_; }
    size_t rows() const { return cycles_.size(); }

    // Returns false if the row that was refused in the last cycle is not there any more.
    template <typename Port>
    bool see(bool valid, bool ready, const Port& payload, int64_t cycle) {
        if (!valid) return !refused_;
        Lane row[lanes];
        const unsigned marks = Payload<Lane, lanes, bits>::read(payload, row);
        const bool kept =
            !refused_ || (marks == refused_marks_ && std::memcmp(row, refused_row_, sizeof row) == 0);
        if (!kept) return false;
        refused_ = !ready;
        if (ready) {
            data_.insert(data_.end(), row, row + lanes);
            marks_.push_back(uint8_t(marks));
            cycles_.push_back(cycle);
        } else {
            refused_marks_ = marks;
            std::memcpy(refused_row_, row, sizeof row);
        }
        return true;
    }
    void restart() {
        data_.clear();
        marks_.clear();
        cycles_.clear();
        refused_ = false;
    }
    void write(const std::string& path) const {
        write_array(path + ".bin", data_);
        write_array(path + "_marks.bin", marks_);
        write_array(path + "_cycle.bin", cycles_);
    }

private:
    Stalls stalls_;
    size_t due_;
    std::vector<Lane> data_;
    std::vector<uint8_t> marks_;
    std::vector<int64_t> cycles_;
    bool refused_ = false;
    unsigned refused_marks_ = 0;
    Lane refused_row_[lanes] = {};
};
