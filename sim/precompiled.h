// What every program includes, compiled once per tool chain: reading it takes longer than compiling
// a small model.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "verilated.h"
