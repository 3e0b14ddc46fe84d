// mac_os_1x1_int8_int8_int32: written by tpe 0.1.0, spec 93746cf0dcd15e9c
//
// element = 'mac'
// array = 'systolic-os'
// rows = 1
// cols = 1
// depth = 1
// a = 'int8'
// b = 'int8'
// acc = 'int32'
// options.overflow = 'wrap'
// options.accumulator = 'split'
//
// Output-stationary systolic array: accumulators stay, A moves right, B moves down.
//
// A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K. Beat k of stream A is column
// k of A, beat k of stream B is row k of B; `first` and `last` mark k = 0 and k = K - 1.
//
// Ports (direction, name, bits):
// input  clk             1  clock, rising edge
// input  rst             1  synchronous reset
// input  a_payload      10  last, first, 1 x int8 with lane 0 lowest
// input  a_valid         1  a beat is offered
// output a_ready         1  it is taken
// input  b_payload      10  last, first, 1 x int8 with lane 0 lowest
// input  b_valid         1  a beat is offered
// output b_ready         1  it is taken
// output c_payload      34  last, first, 1 x int32 with lane 0 lowest
// output c_valid         1  a beat is offered
// input  c_ready         1  it is taken
//
// A beat moves at a rising edge with valid and ready. From the first beat of a tile to its
// first row of C, both included, without stalls:
// 5 cycles for K = 1, 1004 for K = 1000.

module mac_os_1x1_int8_int8_int32(a_valid, b_payload, b_valid, c_ready, clk, rst, a_ready, b_ready, c_payload, c_valid, a_payload);
  reg \$auto$verilog_backend.cc:2505:dump_module$1  = 0;
  input a_valid;
  wire a_valid;
  input [9:0] b_payload;
  wire [9:0] b_payload;
  input b_valid;
  wire b_valid;
  input c_ready;
  wire c_ready;
  input clk;
  wire clk;
  input rst;
  wire rst;
  output a_ready;
  wire a_ready;
  output b_ready;
  wire b_ready;
  output [33:0] c_payload;
  wire [33:0] c_payload;
  output c_valid;
  wire c_valid;
  input [9:0] a_payload;
  wire [9:0] a_payload;
  wire \$signal ;
  wire \$signal$14 ;
  wire \$signal$14_$or_Y_A ;
  reg \$signal$15  = 1'h1;
  reg \$signal$15_$dff_Q_D ;
  wire [9:0] a__payload;
  wire [7:0] \a__payload.data ;
  wire \a__payload.first ;
  wire \a__payload.last ;
  wire a__ready;
  wire a__valid;
  wire accept;
  wire \accept_$and_A_1_Y ;
  wire \accept_$and_A_1_Y_$or_A_B ;
  wire \accept_$and_A_1_Y_$or_A_Y ;
  wire \accept_$and_A_Y ;
  wire [9:0] b__payload;
  wire [7:0] \b__payload.data ;
  wire \b__payload.first ;
  wire \b__payload.last ;
  wire b__ready;
  wire b__valid;
  wire \b_valid_$and_B_Y ;
  wire [33:0] c__payload;
  wire [31:0] \c__payload.data ;
  wire \c__payload.first ;
  wire \c__payload.last ;
  wire c__ready;
  wire c__valid;
  wire \c__valid_$not_A_Y ;
  reg clearing = 1'h1;
  wire \clearing_$and_A_B ;
  wire \clearing_$and_A_Y ;
  reg \clearing_$dff_Q_D ;
  reg clears = 1'h1;
  reg \clears_$dff_Q_D ;
  wire en;
  wire first;
  wire [7:0] grid__a;
  wire [7:0] grid__b;
  wire [31:0] grid__c;
  wire grid__clear;
  wire grid__en;
  wire last;
  wire open_;
  wire \open__$and_Y_B ;
  wire \open__$and_Y_B_$or_Y_B ;
  wire \open__$and_Y_B_$or_Y_B_$not_Y_A ;
  wire row;
  wire \row_$and_Y_B ;
  wire tile_end;
  wire valid;
  assign \$signal$14  = \$signal$14_$or_Y_A  | clears;
  assign \$signal$14_$or_Y_A  = ~ \$signal$15 ;
  always @(posedge clk)
    \$signal$15  <= \$signal$15_$dff_Q_D ;
  assign \$signal  = \c__valid_$not_A_Y  | c_ready;
  assign a__ready = b_valid & open_;
  assign \accept_$and_A_Y  = accept & a_payload[9];
  assign \accept_$and_A_1_Y  = accept & a_payload[9];
  assign \accept_$and_A_1_Y_$or_A_Y  = \accept_$and_A_1_Y  | \accept_$and_A_1_Y_$or_A_B ;
  assign \accept_$and_A_1_Y_$or_A_B  = ~ \$signal$14 ;
  assign accept = \b_valid_$and_B_Y  & open_;
  assign b__ready = a_valid & open_;
  assign \b_valid_$and_B_Y  = a_valid & b_valid;
  assign \c__valid_$not_A_Y  = ~ c__valid;
  assign \clearing_$and_A_Y  = clearing & \clearing_$and_A_B ;
  assign \clearing_$and_A_B  = ~ \$signal$14 ;
  always @(posedge clk)
    clearing <= \clearing_$dff_Q_D ;
  always @(posedge clk)
    clears <= \clears_$dff_Q_D ;
  mac_os_1x1_int8_int8_int32_departures departures (
    .clk(clk),
    .en(\$signal ),
    .first(first),
    .last(last),
    .row(row),
    .rst(rst),
    .tile_end(clears),
    .valid(c__valid)
  );
  mac_os_1x1_int8_int8_int32_grid grid (
    .a(grid__a),
    .b(b_payload[7:0]),
    .c(grid__c),
    .clear(clears),
    .clk(clk),
    .en(\$signal )
  );
  assign grid__a = accept ? a_payload[7:0] : 8'h00;
  assign open_ = \$signal  & \open__$and_Y_B ;
  assign \open__$and_Y_B  = \$signal$14  | \open__$and_Y_B_$or_Y_B ;
  assign \open__$and_Y_B_$or_Y_B  = ~ \open__$and_Y_B_$or_Y_B_$not_Y_A ;
  assign \open__$and_Y_B_$or_Y_B_$not_Y_A  = a_payload[9] | clearing;
  assign row = \$signal$15  & \row_$and_Y_B ;
  assign \row_$and_Y_B  = ~ clearing;
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$1 ) begin end
    \clears_$dff_Q_D  = clears;
    if (\$signal ) begin
      \clears_$dff_Q_D  = \accept_$and_A_Y ;
    end
    if (rst) begin
      \clears_$dff_Q_D  = 1'h1;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$1 ) begin end
    \$signal$15_$dff_Q_D  = \$signal$15 ;
    if (\$signal ) begin
      \$signal$15_$dff_Q_D  = \accept_$and_A_1_Y_$or_A_Y ;
    end
    if (rst) begin
      \$signal$15_$dff_Q_D  = 1'h1;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$1 ) begin end
    \clearing_$dff_Q_D  = clearing;
    if (\$signal ) begin
      \clearing_$dff_Q_D  = \clearing_$and_A_Y ;
    end
    if (rst) begin
      \clearing_$dff_Q_D  = 1'h1;
    end
  end
  assign c__ready = c_ready;
  assign a__payload = a_payload;
  assign a__valid = a_valid;
  assign b__valid = b_valid;
  assign grid__en = \$signal ;
  assign grid__b = b_payload[7:0];
  assign b__payload = b_payload;
  assign grid__clear = clears;
  assign en = \$signal ;
  assign tile_end = clears;
  assign valid = c__valid;
  assign a_ready = a__ready;
  assign b_ready = b__ready;
  assign c_payload = c__payload;
  assign c_valid = c__valid;
  assign \a__payload.data  = a_payload[7:0];
  assign \a__payload.first  = a_payload[8];
  assign \a__payload.last  = a_payload[9];
  assign \b__payload.data  = b_payload[7:0];
  assign \b__payload.first  = b_payload[8];
  assign \b__payload.last  = b_payload[9];
  assign \c__payload.data  = c__payload[31:0];
  assign \c__payload.first  = c__payload[32];
  assign \c__payload.last  = c__payload[33];
  assign c__payload[33] = last;
  assign c__payload[32] = first;
  assign c__payload[31:0] = grid__c;
endmodule

module mac_os_1x1_int8_int8_int32_count(sign, waits, o, i);
  input sign;
  wire sign;
  input waits;
  wire waits;
  output [15:0] o;
  wire [15:0] o;
  input [15:0] i;
  wire [15:0] i;
  wire [15:0] longer;
  wire [15:0] \longer$10 ;
  wire [15:0] \longer$11 ;
  wire [15:0] \longer$5 ;
  wire [15:0] \longer$6 ;
  wire [15:0] \longer$7 ;
  wire [15:0] \longer$8 ;
  wire [15:0] \longer$8_$and_Y_A ;
  wire [15:0] \longer$8_$and_Y_B ;
  wire [15:0] \longer$9 ;
  wire [15:0] \o_$xor_Y_B ;
  wire \sign_$and_A_B ;
  wire \sign_$and_A_Y ;
  wire \sign_$and_A_Y_$and_B_B ;
  wire \sign_$and_A_Y_$and_B_B_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_1 ;
  wire \sign_$and_A_Y_$and_B_B_10 ;
  wire \sign_$and_A_Y_$and_B_B_10_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_11 ;
  wire \sign_$and_A_Y_$and_B_B_11_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_12 ;
  wire \sign_$and_A_Y_$and_B_B_12_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_13 ;
  wire \sign_$and_A_Y_$and_B_B_13_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_14 ;
  wire \sign_$and_A_Y_$and_B_B_14_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_1_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_2 ;
  wire \sign_$and_A_Y_$and_B_B_2_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_3 ;
  wire \sign_$and_A_Y_$and_B_B_3_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_4 ;
  wire \sign_$and_A_Y_$and_B_B_4_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_5 ;
  wire \sign_$and_A_Y_$and_B_B_5_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_6 ;
  wire \sign_$and_A_Y_$and_B_B_6_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_7 ;
  wire \sign_$and_A_Y_$and_B_B_7_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_8 ;
  wire \sign_$and_A_Y_$and_B_B_8_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_9 ;
  wire \sign_$and_A_Y_$and_B_B_9_$and_Y_B ;
  wire [15:0] \sign_$and_A_Y_$and_B_Y ;
  wire \sign_$not_A_Y ;
  wire \sign_$not_A_Y_$and_B_Y ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_1 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_10 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_11 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_12 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_13 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_14 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_2 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_3 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_4 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_5 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_6 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_7 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_8 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_9 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B ;
  wire [15:0] \sign_$not_A_Y_$and_B_Y_$and_B_Y ;
  assign \longer$10  = \longer$9  & { \longer$9 [11:0], 4'hf };
  assign \longer$11  = \longer$10  & { \longer$10 [7:0], 8'hff };
  assign \longer$5  = longer & { longer[13:0], 2'h3 };
  assign \longer$6  = \longer$5  & { \longer$5 [11:0], 4'hf };
  assign \longer$7  = \longer$6  & { \longer$6 [7:0], 8'hff };
  assign \longer$8  = { \longer$8_$and_Y_A [14:0], 1'h1 } & { \longer$8_$and_Y_B [13:0], 2'h3 };
  assign \longer$8_$and_Y_A  = ~ i;
  assign \longer$8_$and_Y_B  = ~ i;
  assign \longer$9  = \longer$8  & { \longer$8 [13:0], 2'h3 };
  assign longer = { i[14:0], 1'h1 } & { i[13:0], 2'h3 };
  assign o = i ^ \o_$xor_Y_B ;
  assign \o_$xor_Y_B  = \sign_$and_A_Y_$and_B_Y  | \sign_$not_A_Y_$and_B_Y_$and_B_Y ;
  assign \sign_$and_A_Y  = sign & \sign_$and_A_B ;
  assign \sign_$and_A_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_Y  = \longer$7  & { \sign_$and_A_Y_$and_B_B_14 , \sign_$and_A_Y_$and_B_B_13 , \sign_$and_A_Y_$and_B_B_12 , \sign_$and_A_Y_$and_B_B_11 , \sign_$and_A_Y_$and_B_B_10 , \sign_$and_A_Y_$and_B_B_9 , \sign_$and_A_Y_$and_B_B_8 , \sign_$and_A_Y_$and_B_B_7 , \sign_$and_A_Y_$and_B_B_6 , \sign_$and_A_Y_$and_B_B_5 , \sign_$and_A_Y_$and_B_B_4 , \sign_$and_A_Y_$and_B_B_3 , \sign_$and_A_Y_$and_B_B_2 , \sign_$and_A_Y_$and_B_B_1 , \sign_$and_A_Y_$and_B_B , \sign_$and_A_Y  };
  assign \sign_$and_A_Y_$and_B_B  = sign & \sign_$and_A_Y_$and_B_B_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_10  = sign & \sign_$and_A_Y_$and_B_B_10_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_10_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_11  = sign & \sign_$and_A_Y_$and_B_B_11_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_11_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_12  = sign & \sign_$and_A_Y_$and_B_B_12_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_12_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_13  = sign & \sign_$and_A_Y_$and_B_B_13_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_13_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_14  = sign & \sign_$and_A_Y_$and_B_B_14_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_14_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_1  = sign & \sign_$and_A_Y_$and_B_B_1_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_1_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_2  = sign & \sign_$and_A_Y_$and_B_B_2_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_2_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_3  = sign & \sign_$and_A_Y_$and_B_B_3_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_3_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_4  = sign & \sign_$and_A_Y_$and_B_B_4_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_4_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_5  = sign & \sign_$and_A_Y_$and_B_B_5_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_5_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_6  = sign & \sign_$and_A_Y_$and_B_B_6_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_6_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_7  = sign & \sign_$and_A_Y_$and_B_B_7_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_7_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_8  = sign & \sign_$and_A_Y_$and_B_B_8_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_8_$and_Y_B  = ~ waits;
  assign \sign_$and_A_Y_$and_B_B_9  = sign & \sign_$and_A_Y_$and_B_B_9_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_9_$and_Y_B  = ~ waits;
  assign \sign_$not_A_Y  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y  = waits & \sign_$not_A_Y ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_Y  = \longer$11  & { \sign_$not_A_Y_$and_B_Y_$and_B_B_14 , \sign_$not_A_Y_$and_B_Y_$and_B_B_13 , \sign_$not_A_Y_$and_B_Y_$and_B_B_12 , \sign_$not_A_Y_$and_B_Y_$and_B_B_11 , \sign_$not_A_Y_$and_B_Y_$and_B_B_10 , \sign_$not_A_Y_$and_B_Y_$and_B_B_9 , \sign_$not_A_Y_$and_B_Y_$and_B_B_8 , \sign_$not_A_Y_$and_B_Y_$and_B_B_7 , \sign_$not_A_Y_$and_B_Y_$and_B_B_6 , \sign_$not_A_Y_$and_B_Y_$and_B_B_5 , \sign_$not_A_Y_$and_B_Y_$and_B_B_4 , \sign_$not_A_Y_$and_B_Y_$and_B_B_3 , \sign_$not_A_Y_$and_B_Y_$and_B_B_2 , \sign_$not_A_Y_$and_B_Y_$and_B_B_1 , \sign_$not_A_Y_$and_B_Y_$and_B_B , \sign_$not_A_Y_$and_B_Y  };
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_10  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_11  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_12  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_13  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_14  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_1  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_2  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_3  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_4  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_5  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_6  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_7  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_8  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_9  = waits & \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B  = ~ sign;
endmodule

module mac_os_1x1_int8_int8_int32_departures(rst, en, row, tile_end, valid, last, first, clk);
  reg \$auto$verilog_backend.cc:2505:dump_module$2  = 0;
  input rst;
  wire rst;
  input en;
  wire en;
  input row;
  wire row;
  input tile_end;
  wire tile_end;
  output valid;
  wire valid;
  output last;
  wire last;
  output first;
  reg first = 1'h1;
  input clk;
  wire clk;
  reg [2:0] ends = 3'h0;
  reg [2:0] \ends_$dff_Q_D ;
  reg \first_$dff_Q_D ;
  wire fresh;
  reg [2:0] rows = 3'h0;
  reg [2:0] \rows_$dff_Q_D ;
  always @(posedge clk)
    ends <= \ends_$dff_Q_D ;
  always @(posedge clk)
    first <= \first_$dff_Q_D ;
  always @(posedge clk)
    rows <= \rows_$dff_Q_D ;
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$2 ) begin end
    \rows_$dff_Q_D  = rows;
    if (en) begin
      \rows_$dff_Q_D  = { rows[1:0], row };
    end
    if (rst) begin
      \rows_$dff_Q_D  = 3'h0;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$2 ) begin end
    \ends_$dff_Q_D  = ends;
    if (en) begin
      \ends_$dff_Q_D  = { ends[1:0], tile_end };
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$2 ) begin end
    \first_$dff_Q_D  = first;
    if (en) begin
      if (rows[2]) begin
        \first_$dff_Q_D  = ends[2];
      end
    end
    if (rst) begin
      \first_$dff_Q_D  = 1'h1;
    end
  end
  assign fresh = first;
  assign valid = rows[2];
  assign last = ends[2];
endmodule

module mac_os_1x1_int8_int8_int32_drain_1_low(state_0, bus, bus_next, finished);
  input [32:0] state_0;
  wire [32:0] state_0;
  input [32:0] bus;
  wire [32:0] bus;
  output [32:0] bus_next;
  wire [32:0] bus_next;
  input finished;
  wire finished;
  wire [32:0] \bus_$and_A_B ;
  wire [32:0] \bus_$and_A_Y ;
  wire [32:0] \state_0_$and_A_Y ;
  assign \bus_$and_A_Y  = bus & \bus_$and_A_B ;
  assign \bus_$and_A_B  = ~ \state_0_$and_A_Y ;
  assign bus_next = ~ \bus_$and_A_Y ;
  assign \state_0_$and_A_Y  = state_0 & { finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished, finished };
endmodule

module mac_os_1x1_int8_int8_int32_encode_a(o, i);
  output [11:0] o;
  wire [11:0] o;
  input [7:0] i;
  wire [7:0] i;
  wire [2:0] digit_0;
  wire \digit_0.neg ;
  wire \digit_0.one ;
  wire \digit_0.two ;
  wire \digit_0.two_$and_Y_A ;
  wire [2:0] digit_1;
  wire \digit_1.neg ;
  wire \digit_1.neg_$and_Y_B ;
  wire \digit_1.neg_$and_Y_B_$not_Y_A ;
  wire \digit_1.one ;
  wire \digit_1.two ;
  wire \digit_1.two_$and_Y_A ;
  wire \digit_1.two_$and_Y_B ;
  wire [2:0] digit_2;
  wire \digit_2.neg ;
  wire \digit_2.neg_$and_Y_B ;
  wire \digit_2.neg_$and_Y_B_$not_Y_A ;
  wire \digit_2.one ;
  wire \digit_2.two ;
  wire \digit_2.two_$and_Y_A ;
  wire \digit_2.two_$and_Y_B ;
  wire [2:0] digit_3;
  wire \digit_3.neg ;
  wire \digit_3.neg_$and_Y_B ;
  wire \digit_3.neg_$and_Y_B_$not_Y_A ;
  wire \digit_3.one ;
  wire \digit_3.two ;
  wire \digit_3.two_$and_Y_A ;
  wire \digit_3.two_$and_Y_B ;
  assign \digit_0.two  = \digit_0.two_$and_Y_A  & i[1];
  assign \digit_0.two_$and_Y_A  = ! i[0];
  assign \digit_1.neg  = i[3] & \digit_1.neg_$and_Y_B ;
  assign \digit_1.neg_$and_Y_B  = ~ \digit_1.neg_$and_Y_B_$not_Y_A ;
  assign \digit_1.neg_$and_Y_B_$not_Y_A  = i[1] & i[2];
  assign \digit_1.one  = i[1] ^ i[2];
  assign \digit_1.two  = \digit_1.two_$and_Y_A  & \digit_1.two_$and_Y_B ;
  assign \digit_1.two_$and_Y_A  = i[2] == i[1];
  assign \digit_1.two_$and_Y_B  = i[3] != i[1];
  assign \digit_2.neg  = i[5] & \digit_2.neg_$and_Y_B ;
  assign \digit_2.neg_$and_Y_B  = ~ \digit_2.neg_$and_Y_B_$not_Y_A ;
  assign \digit_2.neg_$and_Y_B_$not_Y_A  = i[3] & i[4];
  assign \digit_2.one  = i[3] ^ i[4];
  assign \digit_2.two  = \digit_2.two_$and_Y_A  & \digit_2.two_$and_Y_B ;
  assign \digit_2.two_$and_Y_A  = i[4] == i[3];
  assign \digit_2.two_$and_Y_B  = i[5] != i[3];
  assign \digit_3.neg  = i[7] & \digit_3.neg_$and_Y_B ;
  assign \digit_3.neg_$and_Y_B  = ~ \digit_3.neg_$and_Y_B_$not_Y_A ;
  assign \digit_3.neg_$and_Y_B_$not_Y_A  = i[5] & i[6];
  assign \digit_3.one  = i[5] ^ i[6];
  assign \digit_3.two  = \digit_3.two_$and_Y_A  & \digit_3.two_$and_Y_B ;
  assign \digit_3.two_$and_Y_A  = i[6] == i[5];
  assign \digit_3.two_$and_Y_B  = i[7] != i[5];
  assign \digit_0.one  = i[0];
  assign \digit_0.neg  = i[1];
  assign o = { \digit_3.neg , \digit_3.two , \digit_3.one , \digit_2.neg , \digit_2.two , \digit_2.one , \digit_1.neg , \digit_1.two , \digit_1.one , i[1], \digit_0.two , i[0] };
  assign digit_3 = { \digit_3.neg , \digit_3.two , \digit_3.one  };
  assign digit_2 = { \digit_2.neg , \digit_2.two , \digit_2.one  };
  assign digit_1 = { \digit_1.neg , \digit_1.two , \digit_1.one  };
  assign digit_0 = { i[1], \digit_0.two , i[0] };
endmodule

module mac_os_1x1_int8_int8_int32_pe(a, b, clear, clk, a_next, b_next, clear_next, state, en);
  reg \$auto$verilog_backend.cc:2505:dump_module$3  = 0;
  input [11:0] a;
  wire [11:0] a;
  input [7:0] b;
  wire [7:0] b;
  input clear;
  wire clear;
  input clk;
  wire clk;
  output [11:0] a_next;
  reg [11:0] a_next = 12'h000;
  output [7:0] b_next;
  reg [7:0] b_next = 8'h00;
  output clear_next;
  reg clear_next = 1'h0;
  output [32:0] state;
  wire [32:0] state;
  input en;
  wire en;
  wire [11:0] \$like ;
  reg [11:0] \a_next_$dff_Q_D ;
  wire [7:0] \b$20 ;
  reg [7:0] \b_next_$dff_Q_D ;
  wire \clear$10 ;
  reg \clear_next_$dff_Q_D ;
  wire [15:0] count__i;
  wire [15:0] count__o;
  wire count__sign;
  wire count__waits;
  wire \en_$and_A_B ;
  wire \en_$and_A_B_$or_Y_B ;
  wire \en_$and_A_Y ;
  reg [15:0] state_high = 16'h0000;
  reg [15:0] \state_high_$dff_Q_D ;
  reg [16:0] state_low = 17'h00000;
  reg [16:0] \state_low_$dff_Q_D ;
  wire [32:0] state_now;
  wire [11:0] step__a;
  wire [7:0] step__b;
  wire [16:0] step__o;
  wire [15:0] step__state;
  always @(posedge clk)
    a_next <= \a_next_$dff_Q_D ;
  always @(posedge clk)
    b_next <= \b_next_$dff_Q_D ;
  always @(posedge clk)
    clear_next <= \clear_next_$dff_Q_D ;
  mac_os_1x1_int8_int8_int32_count count (
    .i(state_now[32:17]),
    .o(count__o),
    .sign(state_now[15]),
    .waits(state_now[16])
  );
  assign \en_$and_A_Y  = en & \en_$and_A_B ;
  assign \en_$and_A_B  = clear_next | \en_$and_A_B_$or_Y_B ;
  assign \en_$and_A_B_$or_Y_B  = ^ state_low[16:15];
  always @(posedge clk)
    state_high <= \state_high_$dff_Q_D ;
  always @(posedge clk)
    state_low <= \state_low_$dff_Q_D ;
  assign state_now = clear_next ? 33'h000000000 : { state_high, state_low };
  mac_os_1x1_int8_int8_int32_step step (
    .a(a_next),
    .b(b_next),
    .o(step__o),
    .state(state_now[15:0])
  );
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$3 ) begin end
    \state_low_$dff_Q_D  = state_low;
    if (en) begin
      \state_low_$dff_Q_D  = step__o;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$3 ) begin end
    \state_high_$dff_Q_D  = state_high;
    if (\en_$and_A_Y ) begin
      \state_high_$dff_Q_D  = count__o;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$3 ) begin end
    \a_next_$dff_Q_D  = a_next;
    if (en) begin
      \a_next_$dff_Q_D  = a;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$3 ) begin end
    \b_next_$dff_Q_D  = b_next;
    if (en) begin
      \b_next_$dff_Q_D  = b;
    end
  end
  always @* begin
    if (\$auto$verilog_backend.cc:2505:dump_module$3 ) begin end
    \clear_next_$dff_Q_D  = clear_next;
    if (en) begin
      \clear_next_$dff_Q_D  = clear;
    end
  end
  assign \clear$10  = clear_next;
  assign step__state = state_now[15:0];
  assign count__i = state_now[32:17];
  assign count__sign = state_now[15];
  assign count__waits = state_now[16];
  assign step__a = a_next;
  assign \$like  = a_next;
  assign step__b = b_next;
  assign \b$20  = b_next;
  assign state = { state_high, state_low };
endmodule

module mac_os_1x1_int8_int8_int32_resolve(o, i);
  output [31:0] o;
  wire [31:0] o;
  input [32:0] i;
  wire [32:0] i;
  wire [15:0] \i$2 ;
  wire [15:0] \o$5 ;
  wire [16:0] \o_$add_Y_Y ;
  wire sign;
  wire [16:0] \sign_$add_Y_Y ;
  wire waits;
  mac_os_1x1_int8_int8_int32_resolve_count count (
    .o(\o$5 ),
    .\port$0$18 (i[32:16]),
    .sign(sign)
  );
  assign { \o_$add_Y_Y [16], o[15:0] } = i[15:0] + 1'h0;
  assign { sign, \sign_$add_Y_Y [15:0] } = i[15:0] + 1'h0;
  assign \o_$add_Y_Y [15:0] = o[15:0];
  assign \sign_$add_Y_Y [16] = sign;
  assign o[31:16] = \o$5 ;
  assign waits = i[16];
  assign \i$2  = i[32:17];
endmodule

module mac_os_1x1_int8_int8_int32_resolve_count(sign, o, \port$0$18 );
  input sign;
  wire sign;
  output [15:0] o;
  wire [15:0] o;
  input [16:0] \port$0$18 ;
  wire [16:0] \port$0$18 ;
  wire [15:0] i;
  wire [15:0] longer;
  wire [15:0] \longer$2 ;
  wire [15:0] \longer$3 ;
  wire [15:0] \longer$4 ;
  wire [15:0] \longer$5 ;
  wire [15:0] \longer$5_$and_Y_A ;
  wire [15:0] \longer$5_$and_Y_B ;
  wire [15:0] \longer$6 ;
  wire [15:0] \longer$7 ;
  wire [15:0] \longer$8 ;
  wire [15:0] \o_$xor_Y_B ;
  wire \sign_$and_A_B ;
  wire \sign_$and_A_Y ;
  wire \sign_$and_A_Y_$and_B_B ;
  wire \sign_$and_A_Y_$and_B_B_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_1 ;
  wire \sign_$and_A_Y_$and_B_B_10 ;
  wire \sign_$and_A_Y_$and_B_B_10_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_11 ;
  wire \sign_$and_A_Y_$and_B_B_11_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_12 ;
  wire \sign_$and_A_Y_$and_B_B_12_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_13 ;
  wire \sign_$and_A_Y_$and_B_B_13_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_14 ;
  wire \sign_$and_A_Y_$and_B_B_14_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_1_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_2 ;
  wire \sign_$and_A_Y_$and_B_B_2_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_3 ;
  wire \sign_$and_A_Y_$and_B_B_3_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_4 ;
  wire \sign_$and_A_Y_$and_B_B_4_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_5 ;
  wire \sign_$and_A_Y_$and_B_B_5_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_6 ;
  wire \sign_$and_A_Y_$and_B_B_6_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_7 ;
  wire \sign_$and_A_Y_$and_B_B_7_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_8 ;
  wire \sign_$and_A_Y_$and_B_B_8_$and_Y_B ;
  wire \sign_$and_A_Y_$and_B_B_9 ;
  wire \sign_$and_A_Y_$and_B_B_9_$and_Y_B ;
  wire [15:0] \sign_$and_A_Y_$and_B_Y ;
  wire \sign_$not_A_Y ;
  wire \sign_$not_A_Y_$and_B_Y ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_1 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_10 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_11 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_12 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_13 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_14 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_2 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_3 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_4 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_5 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_6 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_7 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_8 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_9 ;
  wire \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B ;
  wire [15:0] \sign_$not_A_Y_$and_B_Y_$and_B_Y ;
  wire waits;
  assign \longer$2  = longer & { longer[13:0], 2'h3 };
  assign \longer$3  = \longer$2  & { \longer$2 [11:0], 4'hf };
  assign \longer$4  = \longer$3  & { \longer$3 [7:0], 8'hff };
  assign \longer$5  = { \longer$5_$and_Y_A [14:0], 1'h1 } & { \longer$5_$and_Y_B [13:0], 2'h3 };
  assign \longer$5_$and_Y_A  = ~ \port$0$18 [16:1];
  assign \longer$5_$and_Y_B  = ~ \port$0$18 [16:1];
  assign \longer$6  = \longer$5  & { \longer$5 [13:0], 2'h3 };
  assign \longer$7  = \longer$6  & { \longer$6 [11:0], 4'hf };
  assign \longer$8  = \longer$7  & { \longer$7 [7:0], 8'hff };
  assign longer = { \port$0$18 [15:1], 1'h1 } & { \port$0$18 [14:1], 2'h3 };
  assign o = \port$0$18 [16:1] ^ \o_$xor_Y_B ;
  assign \o_$xor_Y_B  = \sign_$and_A_Y_$and_B_Y  | \sign_$not_A_Y_$and_B_Y_$and_B_Y ;
  assign \sign_$and_A_Y  = sign & \sign_$and_A_B ;
  assign \sign_$and_A_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_Y  = \longer$4  & { \sign_$and_A_Y_$and_B_B_14 , \sign_$and_A_Y_$and_B_B_13 , \sign_$and_A_Y_$and_B_B_12 , \sign_$and_A_Y_$and_B_B_11 , \sign_$and_A_Y_$and_B_B_10 , \sign_$and_A_Y_$and_B_B_9 , \sign_$and_A_Y_$and_B_B_8 , \sign_$and_A_Y_$and_B_B_7 , \sign_$and_A_Y_$and_B_B_6 , \sign_$and_A_Y_$and_B_B_5 , \sign_$and_A_Y_$and_B_B_4 , \sign_$and_A_Y_$and_B_B_3 , \sign_$and_A_Y_$and_B_B_2 , \sign_$and_A_Y_$and_B_B_1 , \sign_$and_A_Y_$and_B_B , \sign_$and_A_Y  };
  assign \sign_$and_A_Y_$and_B_B  = sign & \sign_$and_A_Y_$and_B_B_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_10  = sign & \sign_$and_A_Y_$and_B_B_10_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_10_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_11  = sign & \sign_$and_A_Y_$and_B_B_11_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_11_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_12  = sign & \sign_$and_A_Y_$and_B_B_12_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_12_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_13  = sign & \sign_$and_A_Y_$and_B_B_13_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_13_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_14  = sign & \sign_$and_A_Y_$and_B_B_14_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_14_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_1  = sign & \sign_$and_A_Y_$and_B_B_1_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_1_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_2  = sign & \sign_$and_A_Y_$and_B_B_2_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_2_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_3  = sign & \sign_$and_A_Y_$and_B_B_3_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_3_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_4  = sign & \sign_$and_A_Y_$and_B_B_4_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_4_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_5  = sign & \sign_$and_A_Y_$and_B_B_5_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_5_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_6  = sign & \sign_$and_A_Y_$and_B_B_6_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_6_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_7  = sign & \sign_$and_A_Y_$and_B_B_7_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_7_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_8  = sign & \sign_$and_A_Y_$and_B_B_8_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_8_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$and_A_Y_$and_B_B_9  = sign & \sign_$and_A_Y_$and_B_B_9_$and_Y_B ;
  assign \sign_$and_A_Y_$and_B_B_9_$and_Y_B  = ~ \port$0$18 [0];
  assign \sign_$not_A_Y  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y  = \port$0$18 [0] & \sign_$not_A_Y ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_Y  = \longer$8  & { \sign_$not_A_Y_$and_B_Y_$and_B_B_14 , \sign_$not_A_Y_$and_B_Y_$and_B_B_13 , \sign_$not_A_Y_$and_B_Y_$and_B_B_12 , \sign_$not_A_Y_$and_B_Y_$and_B_B_11 , \sign_$not_A_Y_$and_B_Y_$and_B_B_10 , \sign_$not_A_Y_$and_B_Y_$and_B_B_9 , \sign_$not_A_Y_$and_B_Y_$and_B_B_8 , \sign_$not_A_Y_$and_B_Y_$and_B_B_7 , \sign_$not_A_Y_$and_B_Y_$and_B_B_6 , \sign_$not_A_Y_$and_B_Y_$and_B_B_5 , \sign_$not_A_Y_$and_B_Y_$and_B_B_4 , \sign_$not_A_Y_$and_B_Y_$and_B_B_3 , \sign_$not_A_Y_$and_B_Y_$and_B_B_2 , \sign_$not_A_Y_$and_B_Y_$and_B_B_1 , \sign_$not_A_Y_$and_B_Y_$and_B_B , \sign_$not_A_Y_$and_B_Y  };
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_10  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_10_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_11  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_11_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_12  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_12_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_13  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_13_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_14  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_14_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_1  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_1_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_2  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_2_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_3  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_3_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_4  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_4_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_5  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_5_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_6  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_6_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_7  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_7_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_8  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_8_$and_Y_B  = ~ sign;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_9  = \port$0$18 [0] & \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B ;
  assign \sign_$not_A_Y_$and_B_Y_$and_B_B_9_$and_Y_B  = ~ sign;
  assign waits = \port$0$18 [0];
  assign i = \port$0$18 [16:1];
endmodule

module mac_os_1x1_int8_int8_int32_step(a, b, o, state);
  input [11:0] a;
  wire [11:0] a;
  input [7:0] b;
  wire [7:0] b;
  output [16:0] o;
  wire [16:0] o;
  input [15:0] state;
  wire [15:0] state;
  wire carry_0;
  wire \carry_0_$and_Y_B ;
  wire carry_1;
  wire \carry_1_$and_Y_B ;
  wire carry_2;
  wire \carry_2_$and_Y_B ;
  wire carry_3;
  wire \carry_3_$and_Y_B ;
  wire column_10_0_c;
  wire \column_10_0_c_$or_Y_A ;
  wire \column_10_0_c_$or_Y_A_$and_Y_B ;
  wire \column_10_0_c_$or_Y_B ;
  wire column_10_0_h;
  wire \column_10_0_h_$xor_Y_B ;
  wire column_10_0_s;
  wire column_10_1_c;
  wire \column_10_1_c_$or_Y_A ;
  wire \column_10_1_c_$or_Y_B ;
  wire column_10_1_h;
  wire column_10_1_s;
  wire column_10_2_c;
  wire \column_10_2_c_$or_Y_A ;
  wire \column_10_2_c_$or_Y_B ;
  wire column_10_2_h;
  wire column_10_2_s;
  wire column_11_0_c;
  wire column_11_0_s;
  wire \column_11_0_s_$not_Y_A ;
  wire column_11_1_c;
  wire column_11_1_s;
  wire column_11_2_c;
  wire \column_11_2_c_$or_Y_A ;
  wire \column_11_2_c_$or_Y_B ;
  wire column_11_2_h;
  wire column_11_2_s;
  wire column_12_0_c;
  wire \column_12_0_c_$or_Y_A ;
  wire \column_12_0_c_$or_Y_A_$and_Y_B ;
  wire \column_12_0_c_$or_Y_B ;
  wire column_12_0_h;
  wire \column_12_0_h_$xor_Y_B ;
  wire column_12_0_s;
  wire column_12_1_c;
  wire \column_12_1_c_$or_Y_A ;
  wire \column_12_1_c_$or_Y_B ;
  wire column_12_1_h;
  wire column_12_1_s;
  wire column_13_0_c;
  wire column_13_0_s;
  wire \column_13_0_s_$not_Y_A ;
  wire column_13_1_c;
  wire column_13_1_s;
  wire column_14_0_c;
  wire \column_14_0_c_$or_Y_A ;
  wire \column_14_0_c_$or_Y_A_$and_Y_B ;
  wire \column_14_0_c_$or_Y_B ;
  wire column_14_0_h;
  wire \column_14_0_h_$xor_Y_B ;
  wire column_14_0_s;
  wire column_1_0_c;
  wire column_1_0_s;
  wire column_2_0_c;
  wire \column_2_0_c_$or_Y_A ;
  wire \column_2_0_c_$or_Y_B ;
  wire column_2_0_h;
  wire column_2_0_s;
  wire column_3_0_c;
  wire column_3_0_s;
  wire column_3_1_c;
  wire \column_3_1_c_$or_Y_A ;
  wire \column_3_1_c_$or_Y_B ;
  wire column_3_1_h;
  wire column_3_1_s;
  wire column_4_0_c;
  wire \column_4_0_c_$or_Y_A ;
  wire \column_4_0_c_$or_Y_B ;
  wire column_4_0_h;
  wire column_4_0_s;
  wire column_4_1_c;
  wire \column_4_1_c_$or_Y_A ;
  wire \column_4_1_c_$or_Y_B ;
  wire column_4_1_h;
  wire column_4_1_s;
  wire column_5_0_c;
  wire column_5_0_s;
  wire column_5_1_c;
  wire \column_5_1_c_$or_Y_A ;
  wire \column_5_1_c_$or_Y_B ;
  wire column_5_1_h;
  wire column_5_1_s;
  wire column_5_2_c;
  wire \column_5_2_c_$or_Y_A ;
  wire \column_5_2_c_$or_Y_B ;
  wire column_5_2_h;
  wire column_5_2_s;
  wire column_6_0_c;
  wire \column_6_0_c_$or_Y_A ;
  wire \column_6_0_c_$or_Y_B ;
  wire column_6_0_h;
  wire column_6_0_s;
  wire column_6_1_c;
  wire \column_6_1_c_$or_Y_A ;
  wire \column_6_1_c_$or_Y_B ;
  wire column_6_1_h;
  wire column_6_1_s;
  wire column_6_2_c;
  wire \column_6_2_c_$or_Y_A ;
  wire \column_6_2_c_$or_Y_B ;
  wire column_6_2_h;
  wire column_6_2_s;
  wire column_7_0_c;
  wire column_7_0_s;
  wire column_7_1_c;
  wire \column_7_1_c_$or_Y_A ;
  wire \column_7_1_c_$or_Y_B ;
  wire column_7_1_h;
  wire column_7_1_s;
  wire column_7_2_c;
  wire \column_7_2_c_$or_Y_A ;
  wire \column_7_2_c_$or_Y_B ;
  wire column_7_2_h;
  wire column_7_2_s;
  wire column_7_3_c;
  wire \column_7_3_c_$or_Y_A ;
  wire \column_7_3_c_$or_Y_B ;
  wire column_7_3_h;
  wire column_7_3_s;
  wire column_8_0_c;
  wire column_8_0_s;
  wire \column_8_0_s_$not_Y_A ;
  wire column_8_1_c;
  wire \column_8_1_c_$or_Y_A ;
  wire \column_8_1_c_$or_Y_A_$and_Y_A ;
  wire \column_8_1_c_$or_Y_B ;
  wire column_8_1_h;
  wire \column_8_1_h_$xor_Y_A ;
  wire column_8_1_s;
  wire column_8_2_c;
  wire \column_8_2_c_$or_Y_A ;
  wire \column_8_2_c_$or_Y_B ;
  wire column_8_2_h;
  wire column_8_2_s;
  wire column_8_3_c;
  wire \column_8_3_c_$or_Y_A ;
  wire \column_8_3_c_$or_Y_B ;
  wire column_8_3_h;
  wire column_8_3_s;
  wire column_9_0_c;
  wire column_9_0_s;
  wire \column_9_0_s_$not_Y_A ;
  wire column_9_1_c;
  wire column_9_1_s;
  wire column_9_2_c;
  wire \column_9_2_c_$or_Y_A ;
  wire \column_9_2_c_$or_Y_B ;
  wire column_9_2_h;
  wire column_9_2_s;
  wire column_9_3_c;
  wire \column_9_3_c_$or_Y_A ;
  wire \column_9_3_c_$or_Y_B ;
  wire column_9_3_h;
  wire column_9_3_s;
  wire \o_$add_Y_A ;
  wire [17:0] \o_$add_Y_Y ;
  wire [8:0] row_0;
  wire \row_0_$xor_Y_1_A ;
  wire \row_0_$xor_Y_1_A_$or_Y_A ;
  wire \row_0_$xor_Y_1_A_$or_Y_B ;
  wire \row_0_$xor_Y_2_A ;
  wire \row_0_$xor_Y_2_A_$or_Y_A ;
  wire \row_0_$xor_Y_2_A_$or_Y_B ;
  wire \row_0_$xor_Y_3_A ;
  wire \row_0_$xor_Y_3_A_$or_Y_A ;
  wire \row_0_$xor_Y_3_A_$or_Y_B ;
  wire \row_0_$xor_Y_4_A ;
  wire \row_0_$xor_Y_4_A_$or_Y_A ;
  wire \row_0_$xor_Y_4_A_$or_Y_B ;
  wire \row_0_$xor_Y_5_A ;
  wire \row_0_$xor_Y_5_A_$or_Y_A ;
  wire \row_0_$xor_Y_5_A_$or_Y_B ;
  wire \row_0_$xor_Y_6_A ;
  wire \row_0_$xor_Y_6_A_$or_Y_A ;
  wire \row_0_$xor_Y_6_A_$or_Y_B ;
  wire \row_0_$xor_Y_7_A ;
  wire \row_0_$xor_Y_7_A_$or_Y_A ;
  wire \row_0_$xor_Y_7_A_$or_Y_B ;
  wire \row_0_$xor_Y_A ;
  wire \row_0_$xor_Y_A_$or_Y_A ;
  wire \row_0_$xor_Y_A_$or_Y_B ;
  wire [8:0] row_1;
  wire \row_1_$xor_Y_1_A ;
  wire \row_1_$xor_Y_1_A_$or_Y_A ;
  wire \row_1_$xor_Y_1_A_$or_Y_B ;
  wire \row_1_$xor_Y_2_A ;
  wire \row_1_$xor_Y_2_A_$or_Y_A ;
  wire \row_1_$xor_Y_2_A_$or_Y_B ;
  wire \row_1_$xor_Y_3_A ;
  wire \row_1_$xor_Y_3_A_$or_Y_A ;
  wire \row_1_$xor_Y_3_A_$or_Y_B ;
  wire \row_1_$xor_Y_4_A ;
  wire \row_1_$xor_Y_4_A_$or_Y_A ;
  wire \row_1_$xor_Y_4_A_$or_Y_B ;
  wire \row_1_$xor_Y_5_A ;
  wire \row_1_$xor_Y_5_A_$or_Y_A ;
  wire \row_1_$xor_Y_5_A_$or_Y_B ;
  wire \row_1_$xor_Y_6_A ;
  wire \row_1_$xor_Y_6_A_$or_Y_A ;
  wire \row_1_$xor_Y_6_A_$or_Y_B ;
  wire \row_1_$xor_Y_7_A ;
  wire \row_1_$xor_Y_7_A_$or_Y_A ;
  wire \row_1_$xor_Y_7_A_$or_Y_B ;
  wire \row_1_$xor_Y_A ;
  wire \row_1_$xor_Y_A_$or_Y_A ;
  wire \row_1_$xor_Y_A_$or_Y_B ;
  wire [8:0] row_2;
  wire \row_2_$xor_Y_1_A ;
  wire \row_2_$xor_Y_1_A_$or_Y_A ;
  wire \row_2_$xor_Y_1_A_$or_Y_B ;
  wire \row_2_$xor_Y_2_A ;
  wire \row_2_$xor_Y_2_A_$or_Y_A ;
  wire \row_2_$xor_Y_2_A_$or_Y_B ;
  wire \row_2_$xor_Y_3_A ;
  wire \row_2_$xor_Y_3_A_$or_Y_A ;
  wire \row_2_$xor_Y_3_A_$or_Y_B ;
  wire \row_2_$xor_Y_4_A ;
  wire \row_2_$xor_Y_4_A_$or_Y_A ;
  wire \row_2_$xor_Y_4_A_$or_Y_B ;
  wire \row_2_$xor_Y_5_A ;
  wire \row_2_$xor_Y_5_A_$or_Y_A ;
  wire \row_2_$xor_Y_5_A_$or_Y_B ;
  wire \row_2_$xor_Y_6_A ;
  wire \row_2_$xor_Y_6_A_$or_Y_A ;
  wire \row_2_$xor_Y_6_A_$or_Y_B ;
  wire \row_2_$xor_Y_7_A ;
  wire \row_2_$xor_Y_7_A_$or_Y_A ;
  wire \row_2_$xor_Y_7_A_$or_Y_B ;
  wire \row_2_$xor_Y_A ;
  wire \row_2_$xor_Y_A_$or_Y_A ;
  wire \row_2_$xor_Y_A_$or_Y_B ;
  wire [8:0] row_3;
  wire \row_3_$xor_Y_1_A ;
  wire \row_3_$xor_Y_1_A_$or_Y_A ;
  wire \row_3_$xor_Y_1_A_$or_Y_B ;
  wire \row_3_$xor_Y_2_A ;
  wire \row_3_$xor_Y_2_A_$or_Y_A ;
  wire \row_3_$xor_Y_2_A_$or_Y_B ;
  wire \row_3_$xor_Y_3_A ;
  wire \row_3_$xor_Y_3_A_$or_Y_A ;
  wire \row_3_$xor_Y_3_A_$or_Y_B ;
  wire \row_3_$xor_Y_4_A ;
  wire \row_3_$xor_Y_4_A_$or_Y_A ;
  wire \row_3_$xor_Y_4_A_$or_Y_B ;
  wire \row_3_$xor_Y_5_A ;
  wire \row_3_$xor_Y_5_A_$or_Y_A ;
  wire \row_3_$xor_Y_5_A_$or_Y_B ;
  wire \row_3_$xor_Y_6_A ;
  wire \row_3_$xor_Y_6_A_$or_Y_A ;
  wire \row_3_$xor_Y_6_A_$or_Y_B ;
  wire \row_3_$xor_Y_7_A ;
  wire \row_3_$xor_Y_7_A_$or_Y_A ;
  wire \row_3_$xor_Y_7_A_$or_Y_B ;
  wire \row_3_$xor_Y_A ;
  wire \row_3_$xor_Y_A_$or_Y_A ;
  wire \row_3_$xor_Y_A_$or_Y_B ;
  wire [16:0] total;
  assign carry_0 = a[2] & \carry_0_$and_Y_B ;
  assign \carry_0_$and_Y_B  = ~ row_0[0];
  assign carry_1 = a[5] & \carry_1_$and_Y_B ;
  assign \carry_1_$and_Y_B  = ~ row_1[0];
  assign carry_2 = a[8] & \carry_2_$and_Y_B ;
  assign \carry_2_$and_Y_B  = ~ row_2[0];
  assign carry_3 = a[11] & \carry_3_$and_Y_B ;
  assign \carry_3_$and_Y_B  = ~ row_3[0];
  assign column_10_0_c = \column_10_0_c_$or_Y_A  | \column_10_0_c_$or_Y_B ;
  assign \column_10_0_c_$or_Y_A  = state[10] & \column_10_0_c_$or_Y_A_$and_Y_B ;
  assign \column_10_0_c_$or_Y_A_$and_Y_B  = ~ row_1[8];
  assign \column_10_0_c_$or_Y_B  = column_10_0_h & row_2[6];
  assign column_10_0_h = state[10] ^ \column_10_0_h_$xor_Y_B ;
  assign \column_10_0_h_$xor_Y_B  = ~ row_1[8];
  assign column_10_0_s = column_10_0_h ^ row_2[6];
  assign column_10_1_c = \column_10_1_c_$or_Y_A  | \column_10_1_c_$or_Y_B ;
  assign \column_10_1_c_$or_Y_A  = row_3[4] & column_9_0_c;
  assign \column_10_1_c_$or_Y_B  = column_10_1_h & column_9_1_c;
  assign column_10_1_h = row_3[4] ^ column_9_0_c;
  assign column_10_1_s = column_10_1_h ^ column_9_1_c;
  assign column_10_2_c = \column_10_2_c_$or_Y_A  | \column_10_2_c_$or_Y_B ;
  assign \column_10_2_c_$or_Y_A  = column_10_0_s & column_10_1_s;
  assign \column_10_2_c_$or_Y_B  = column_10_2_h & column_9_2_c;
  assign column_10_2_h = column_10_0_s ^ column_10_1_s;
  assign column_10_2_s = column_10_2_h ^ column_9_2_c;
  assign column_11_0_c = state[11] | row_2[7];
  assign column_11_0_s = ~ \column_11_0_s_$not_Y_A ;
  assign \column_11_0_s_$not_Y_A  = state[11] ^ row_2[7];
  assign column_11_1_c = row_3[5] & column_11_0_s;
  assign column_11_1_s = row_3[5] ^ column_11_0_s;
  assign column_11_2_c = \column_11_2_c_$or_Y_A  | \column_11_2_c_$or_Y_B ;
  assign \column_11_2_c_$or_Y_A  = column_10_0_c & column_11_1_s;
  assign \column_11_2_c_$or_Y_B  = column_11_2_h & column_10_1_c;
  assign column_11_2_h = column_10_0_c ^ column_11_1_s;
  assign column_11_2_s = column_11_2_h ^ column_10_1_c;
  assign column_12_0_c = \column_12_0_c_$or_Y_A  | \column_12_0_c_$or_Y_B ;
  assign \column_12_0_c_$or_Y_A  = state[12] & \column_12_0_c_$or_Y_A_$and_Y_B ;
  assign \column_12_0_c_$or_Y_A_$and_Y_B  = ~ row_2[8];
  assign \column_12_0_c_$or_Y_B  = column_12_0_h & row_3[6];
  assign column_12_0_h = state[12] ^ \column_12_0_h_$xor_Y_B ;
  assign \column_12_0_h_$xor_Y_B  = ~ row_2[8];
  assign column_12_0_s = column_12_0_h ^ row_3[6];
  assign column_12_1_c = \column_12_1_c_$or_Y_A  | \column_12_1_c_$or_Y_B ;
  assign \column_12_1_c_$or_Y_A  = column_11_0_c & column_11_1_c;
  assign \column_12_1_c_$or_Y_B  = column_12_1_h & column_12_0_s;
  assign column_12_1_h = column_11_0_c ^ column_11_1_c;
  assign column_12_1_s = column_12_1_h ^ column_12_0_s;
  assign column_13_0_c = state[13] | row_3[7];
  assign column_13_0_s = ~ \column_13_0_s_$not_Y_A ;
  assign \column_13_0_s_$not_Y_A  = state[13] ^ row_3[7];
  assign column_13_1_c = column_13_0_s & column_12_0_c;
  assign column_13_1_s = column_13_0_s ^ column_12_0_c;
  assign column_14_0_c = \column_14_0_c_$or_Y_A  | \column_14_0_c_$or_Y_B ;
  assign \column_14_0_c_$or_Y_A  = state[14] & \column_14_0_c_$or_Y_A_$and_Y_B ;
  assign \column_14_0_c_$or_Y_A_$and_Y_B  = ~ row_3[8];
  assign \column_14_0_c_$or_Y_B  = column_14_0_h & column_13_0_c;
  assign column_14_0_h = state[14] ^ \column_14_0_h_$xor_Y_B ;
  assign \column_14_0_h_$xor_Y_B  = ~ row_3[8];
  assign column_14_0_s = column_14_0_h ^ column_13_0_c;
  assign column_1_0_c = state[1] & carry_0;
  assign column_1_0_s = state[1] ^ carry_0;
  assign column_2_0_c = \column_2_0_c_$or_Y_A  | \column_2_0_c_$or_Y_B ;
  assign \column_2_0_c_$or_Y_A  = state[2] & column_1_0_c;
  assign \column_2_0_c_$or_Y_B  = column_2_0_h & row_0[2];
  assign column_2_0_h = state[2] ^ column_1_0_c;
  assign column_2_0_s = column_2_0_h ^ row_0[2];
  assign column_3_0_c = state[3] & carry_1;
  assign column_3_0_s = state[3] ^ carry_1;
  assign column_3_1_c = \column_3_1_c_$or_Y_A  | \column_3_1_c_$or_Y_B ;
  assign \column_3_1_c_$or_Y_A  = row_0[3] & row_1[1];
  assign \column_3_1_c_$or_Y_B  = column_3_1_h & column_3_0_s;
  assign column_3_1_h = row_0[3] ^ row_1[1];
  assign column_3_1_s = column_3_1_h ^ column_3_0_s;
  assign column_4_0_c = \column_4_0_c_$or_Y_A  | \column_4_0_c_$or_Y_B ;
  assign \column_4_0_c_$or_Y_A  = state[4] & column_3_0_c;
  assign \column_4_0_c_$or_Y_B  = column_4_0_h & row_0[4];
  assign column_4_0_h = state[4] ^ column_3_0_c;
  assign column_4_0_s = column_4_0_h ^ row_0[4];
  assign column_4_1_c = \column_4_1_c_$or_Y_A  | \column_4_1_c_$or_Y_B ;
  assign \column_4_1_c_$or_Y_A  = row_1[2] & row_2[0];
  assign \column_4_1_c_$or_Y_B  = column_4_1_h & column_3_1_c;
  assign column_4_1_h = row_1[2] ^ row_2[0];
  assign column_4_1_s = column_4_1_h ^ column_3_1_c;
  assign column_5_0_c = state[5] & carry_2;
  assign column_5_0_s = state[5] ^ carry_2;
  assign column_5_1_c = \column_5_1_c_$or_Y_A  | \column_5_1_c_$or_Y_B ;
  assign \column_5_1_c_$or_Y_A  = row_0[5] & row_1[3];
  assign \column_5_1_c_$or_Y_B  = column_5_1_h & row_2[1];
  assign column_5_1_h = row_0[5] ^ row_1[3];
  assign column_5_1_s = column_5_1_h ^ row_2[1];
  assign column_5_2_c = \column_5_2_c_$or_Y_A  | \column_5_2_c_$or_Y_B ;
  assign \column_5_2_c_$or_Y_A  = column_5_0_s & column_4_0_c;
  assign \column_5_2_c_$or_Y_B  = column_5_2_h & column_5_1_s;
  assign column_5_2_h = column_5_0_s ^ column_4_0_c;
  assign column_5_2_s = column_5_2_h ^ column_5_1_s;
  assign column_6_0_c = \column_6_0_c_$or_Y_A  | \column_6_0_c_$or_Y_B ;
  assign \column_6_0_c_$or_Y_A  = state[6] & column_5_0_c;
  assign \column_6_0_c_$or_Y_B  = column_6_0_h & row_0[6];
  assign column_6_0_h = state[6] ^ column_5_0_c;
  assign column_6_0_s = column_6_0_h ^ row_0[6];
  assign column_6_1_c = \column_6_1_c_$or_Y_A  | \column_6_1_c_$or_Y_B ;
  assign \column_6_1_c_$or_Y_A  = row_1[4] & row_2[2];
  assign \column_6_1_c_$or_Y_B  = column_6_1_h & row_3[0];
  assign column_6_1_h = row_1[4] ^ row_2[2];
  assign column_6_1_s = column_6_1_h ^ row_3[0];
  assign column_6_2_c = \column_6_2_c_$or_Y_A  | \column_6_2_c_$or_Y_B ;
  assign \column_6_2_c_$or_Y_A  = column_5_1_c & column_6_0_s;
  assign \column_6_2_c_$or_Y_B  = column_6_2_h & column_6_1_s;
  assign column_6_2_h = column_5_1_c ^ column_6_0_s;
  assign column_6_2_s = column_6_2_h ^ column_6_1_s;
  assign column_7_0_c = state[7] & carry_3;
  assign column_7_0_s = state[7] ^ carry_3;
  assign column_7_1_c = \column_7_1_c_$or_Y_A  | \column_7_1_c_$or_Y_B ;
  assign \column_7_1_c_$or_Y_A  = row_0[7] & row_1[5];
  assign \column_7_1_c_$or_Y_B  = column_7_1_h & row_2[3];
  assign column_7_1_h = row_0[7] ^ row_1[5];
  assign column_7_1_s = column_7_1_h ^ row_2[3];
  assign column_7_2_c = \column_7_2_c_$or_Y_A  | \column_7_2_c_$or_Y_B ;
  assign \column_7_2_c_$or_Y_A  = row_3[1] & column_7_0_s;
  assign \column_7_2_c_$or_Y_B  = column_7_2_h & column_6_0_c;
  assign column_7_2_h = row_3[1] ^ column_7_0_s;
  assign column_7_2_s = column_7_2_h ^ column_6_0_c;
  assign column_7_3_c = \column_7_3_c_$or_Y_A  | \column_7_3_c_$or_Y_B ;
  assign \column_7_3_c_$or_Y_A  = column_6_1_c & column_7_1_s;
  assign \column_7_3_c_$or_Y_B  = column_7_3_h & column_7_2_s;
  assign column_7_3_h = column_6_1_c ^ column_7_1_s;
  assign column_7_3_s = column_7_3_h ^ column_7_2_s;
  assign column_8_0_c = state[8] | column_7_0_c;
  assign column_8_0_s = ~ \column_8_0_s_$not_Y_A ;
  assign \column_8_0_s_$not_Y_A  = state[8] ^ column_7_0_c;
  assign column_8_1_c = \column_8_1_c_$or_Y_A  | \column_8_1_c_$or_Y_B ;
  assign \column_8_1_c_$or_Y_A  = \column_8_1_c_$or_Y_A_$and_Y_A  & row_1[6];
  assign \column_8_1_c_$or_Y_A_$and_Y_A  = ~ row_0[8];
  assign \column_8_1_c_$or_Y_B  = column_8_1_h & row_2[4];
  assign column_8_1_h = \column_8_1_h_$xor_Y_A  ^ row_1[6];
  assign \column_8_1_h_$xor_Y_A  = ~ row_0[8];
  assign column_8_1_s = column_8_1_h ^ row_2[4];
  assign column_8_2_c = \column_8_2_c_$or_Y_A  | \column_8_2_c_$or_Y_B ;
  assign \column_8_2_c_$or_Y_A  = row_3[2] & column_8_0_s;
  assign \column_8_2_c_$or_Y_B  = column_8_2_h & column_7_1_c;
  assign column_8_2_h = row_3[2] ^ column_8_0_s;
  assign column_8_2_s = column_8_2_h ^ column_7_1_c;
  assign column_8_3_c = \column_8_3_c_$or_Y_A  | \column_8_3_c_$or_Y_B ;
  assign \column_8_3_c_$or_Y_A  = column_8_1_s & column_7_2_c;
  assign \column_8_3_c_$or_Y_B  = column_8_3_h & column_8_2_s;
  assign column_8_3_h = column_8_1_s ^ column_7_2_c;
  assign column_8_3_s = column_8_3_h ^ column_8_2_s;
  assign column_9_0_c = state[9] | row_1[7];
  assign column_9_0_s = ~ \column_9_0_s_$not_Y_A ;
  assign \column_9_0_s_$not_Y_A  = state[9] ^ row_1[7];
  assign column_9_1_c = row_2[5] & row_3[3];
  assign column_9_1_s = row_2[5] ^ row_3[3];
  assign column_9_2_c = \column_9_2_c_$or_Y_A  | \column_9_2_c_$or_Y_B ;
  assign \column_9_2_c_$or_Y_A  = column_8_0_c & column_9_1_s;
  assign \column_9_2_c_$or_Y_B  = column_9_2_h & column_9_0_s;
  assign column_9_2_h = column_8_0_c ^ column_9_1_s;
  assign column_9_2_s = column_9_2_h ^ column_9_0_s;
  assign column_9_3_c = \column_9_3_c_$or_Y_A  | \column_9_3_c_$or_Y_B ;
  assign \column_9_3_c_$or_Y_A  = column_8_1_c & column_8_2_c;
  assign \column_9_3_c_$or_Y_B  = column_9_3_h & column_9_2_s;
  assign column_9_3_h = column_8_1_c ^ column_8_2_c;
  assign column_9_3_s = column_9_3_h ^ column_9_2_s;
  assign { \o_$add_Y_Y [17], total[16], o[15:0] } = { \o_$add_Y_A , column_14_0_s, column_13_1_s, column_12_1_s, column_11_2_s, column_9_3_c, column_8_3_c, column_7_3_c, column_6_2_c, column_5_2_c, column_4_1_c, column_4_0_s, column_2_0_c, row_1[0], row_0[1], state[0] } + { column_14_0_c, column_13_1_c, column_12_1_c, column_11_2_c, column_10_2_c, column_10_2_s, column_9_3_s, column_8_3_s, column_7_3_s, column_6_2_s, column_5_2_s, column_4_1_s, column_3_1_s, column_2_0_s, column_1_0_s, row_0[0] };
  assign \o_$add_Y_A  = ~ state[15];
  assign o[16] = ~ total[16];
  assign row_0[0] = a[0] & b[0];
  assign row_0[1] = \row_0_$xor_Y_A  ^ a[2];
  assign row_0[2] = \row_0_$xor_Y_1_A  ^ a[2];
  assign \row_0_$xor_Y_1_A  = \row_0_$xor_Y_1_A_$or_Y_A  | \row_0_$xor_Y_1_A_$or_Y_B ;
  assign \row_0_$xor_Y_1_A_$or_Y_A  = a[0] & b[2];
  assign \row_0_$xor_Y_1_A_$or_Y_B  = a[1] & b[1];
  assign row_0[3] = \row_0_$xor_Y_2_A  ^ a[2];
  assign \row_0_$xor_Y_2_A  = \row_0_$xor_Y_2_A_$or_Y_A  | \row_0_$xor_Y_2_A_$or_Y_B ;
  assign \row_0_$xor_Y_2_A_$or_Y_A  = a[0] & b[3];
  assign \row_0_$xor_Y_2_A_$or_Y_B  = a[1] & b[2];
  assign row_0[4] = \row_0_$xor_Y_3_A  ^ a[2];
  assign \row_0_$xor_Y_3_A  = \row_0_$xor_Y_3_A_$or_Y_A  | \row_0_$xor_Y_3_A_$or_Y_B ;
  assign \row_0_$xor_Y_3_A_$or_Y_A  = a[0] & b[4];
  assign \row_0_$xor_Y_3_A_$or_Y_B  = a[1] & b[3];
  assign row_0[5] = \row_0_$xor_Y_4_A  ^ a[2];
  assign \row_0_$xor_Y_4_A  = \row_0_$xor_Y_4_A_$or_Y_A  | \row_0_$xor_Y_4_A_$or_Y_B ;
  assign \row_0_$xor_Y_4_A_$or_Y_A  = a[0] & b[5];
  assign \row_0_$xor_Y_4_A_$or_Y_B  = a[1] & b[4];
  assign row_0[6] = \row_0_$xor_Y_5_A  ^ a[2];
  assign \row_0_$xor_Y_5_A  = \row_0_$xor_Y_5_A_$or_Y_A  | \row_0_$xor_Y_5_A_$or_Y_B ;
  assign \row_0_$xor_Y_5_A_$or_Y_A  = a[0] & b[6];
  assign \row_0_$xor_Y_5_A_$or_Y_B  = a[1] & b[5];
  assign row_0[7] = \row_0_$xor_Y_6_A  ^ a[2];
  assign \row_0_$xor_Y_6_A  = \row_0_$xor_Y_6_A_$or_Y_A  | \row_0_$xor_Y_6_A_$or_Y_B ;
  assign \row_0_$xor_Y_6_A_$or_Y_A  = a[0] & b[7];
  assign \row_0_$xor_Y_6_A_$or_Y_B  = a[1] & b[6];
  assign row_0[8] = \row_0_$xor_Y_7_A  ^ a[2];
  assign \row_0_$xor_Y_7_A  = \row_0_$xor_Y_7_A_$or_Y_A  | \row_0_$xor_Y_7_A_$or_Y_B ;
  assign \row_0_$xor_Y_7_A_$or_Y_A  = a[0] & b[7];
  assign \row_0_$xor_Y_7_A_$or_Y_B  = a[1] & b[7];
  assign \row_0_$xor_Y_A  = \row_0_$xor_Y_A_$or_Y_A  | \row_0_$xor_Y_A_$or_Y_B ;
  assign \row_0_$xor_Y_A_$or_Y_A  = a[0] & b[1];
  assign \row_0_$xor_Y_A_$or_Y_B  = a[1] & b[0];
  assign row_1[0] = a[3] & b[0];
  assign row_1[1] = \row_1_$xor_Y_A  ^ a[5];
  assign row_1[2] = \row_1_$xor_Y_1_A  ^ a[5];
  assign \row_1_$xor_Y_1_A  = \row_1_$xor_Y_1_A_$or_Y_A  | \row_1_$xor_Y_1_A_$or_Y_B ;
  assign \row_1_$xor_Y_1_A_$or_Y_A  = a[3] & b[2];
  assign \row_1_$xor_Y_1_A_$or_Y_B  = a[4] & b[1];
  assign row_1[3] = \row_1_$xor_Y_2_A  ^ a[5];
  assign \row_1_$xor_Y_2_A  = \row_1_$xor_Y_2_A_$or_Y_A  | \row_1_$xor_Y_2_A_$or_Y_B ;
  assign \row_1_$xor_Y_2_A_$or_Y_A  = a[3] & b[3];
  assign \row_1_$xor_Y_2_A_$or_Y_B  = a[4] & b[2];
  assign row_1[4] = \row_1_$xor_Y_3_A  ^ a[5];
  assign \row_1_$xor_Y_3_A  = \row_1_$xor_Y_3_A_$or_Y_A  | \row_1_$xor_Y_3_A_$or_Y_B ;
  assign \row_1_$xor_Y_3_A_$or_Y_A  = a[3] & b[4];
  assign \row_1_$xor_Y_3_A_$or_Y_B  = a[4] & b[3];
  assign row_1[5] = \row_1_$xor_Y_4_A  ^ a[5];
  assign \row_1_$xor_Y_4_A  = \row_1_$xor_Y_4_A_$or_Y_A  | \row_1_$xor_Y_4_A_$or_Y_B ;
  assign \row_1_$xor_Y_4_A_$or_Y_A  = a[3] & b[5];
  assign \row_1_$xor_Y_4_A_$or_Y_B  = a[4] & b[4];
  assign row_1[6] = \row_1_$xor_Y_5_A  ^ a[5];
  assign \row_1_$xor_Y_5_A  = \row_1_$xor_Y_5_A_$or_Y_A  | \row_1_$xor_Y_5_A_$or_Y_B ;
  assign \row_1_$xor_Y_5_A_$or_Y_A  = a[3] & b[6];
  assign \row_1_$xor_Y_5_A_$or_Y_B  = a[4] & b[5];
  assign row_1[7] = \row_1_$xor_Y_6_A  ^ a[5];
  assign \row_1_$xor_Y_6_A  = \row_1_$xor_Y_6_A_$or_Y_A  | \row_1_$xor_Y_6_A_$or_Y_B ;
  assign \row_1_$xor_Y_6_A_$or_Y_A  = a[3] & b[7];
  assign \row_1_$xor_Y_6_A_$or_Y_B  = a[4] & b[6];
  assign row_1[8] = \row_1_$xor_Y_7_A  ^ a[5];
  assign \row_1_$xor_Y_7_A  = \row_1_$xor_Y_7_A_$or_Y_A  | \row_1_$xor_Y_7_A_$or_Y_B ;
  assign \row_1_$xor_Y_7_A_$or_Y_A  = a[3] & b[7];
  assign \row_1_$xor_Y_7_A_$or_Y_B  = a[4] & b[7];
  assign \row_1_$xor_Y_A  = \row_1_$xor_Y_A_$or_Y_A  | \row_1_$xor_Y_A_$or_Y_B ;
  assign \row_1_$xor_Y_A_$or_Y_A  = a[3] & b[1];
  assign \row_1_$xor_Y_A_$or_Y_B  = a[4] & b[0];
  assign row_2[0] = a[6] & b[0];
  assign row_2[1] = \row_2_$xor_Y_A  ^ a[8];
  assign row_2[2] = \row_2_$xor_Y_1_A  ^ a[8];
  assign \row_2_$xor_Y_1_A  = \row_2_$xor_Y_1_A_$or_Y_A  | \row_2_$xor_Y_1_A_$or_Y_B ;
  assign \row_2_$xor_Y_1_A_$or_Y_A  = a[6] & b[2];
  assign \row_2_$xor_Y_1_A_$or_Y_B  = a[7] & b[1];
  assign row_2[3] = \row_2_$xor_Y_2_A  ^ a[8];
  assign \row_2_$xor_Y_2_A  = \row_2_$xor_Y_2_A_$or_Y_A  | \row_2_$xor_Y_2_A_$or_Y_B ;
  assign \row_2_$xor_Y_2_A_$or_Y_A  = a[6] & b[3];
  assign \row_2_$xor_Y_2_A_$or_Y_B  = a[7] & b[2];
  assign row_2[4] = \row_2_$xor_Y_3_A  ^ a[8];
  assign \row_2_$xor_Y_3_A  = \row_2_$xor_Y_3_A_$or_Y_A  | \row_2_$xor_Y_3_A_$or_Y_B ;
  assign \row_2_$xor_Y_3_A_$or_Y_A  = a[6] & b[4];
  assign \row_2_$xor_Y_3_A_$or_Y_B  = a[7] & b[3];
  assign row_2[5] = \row_2_$xor_Y_4_A  ^ a[8];
  assign \row_2_$xor_Y_4_A  = \row_2_$xor_Y_4_A_$or_Y_A  | \row_2_$xor_Y_4_A_$or_Y_B ;
  assign \row_2_$xor_Y_4_A_$or_Y_A  = a[6] & b[5];
  assign \row_2_$xor_Y_4_A_$or_Y_B  = a[7] & b[4];
  assign row_2[6] = \row_2_$xor_Y_5_A  ^ a[8];
  assign \row_2_$xor_Y_5_A  = \row_2_$xor_Y_5_A_$or_Y_A  | \row_2_$xor_Y_5_A_$or_Y_B ;
  assign \row_2_$xor_Y_5_A_$or_Y_A  = a[6] & b[6];
  assign \row_2_$xor_Y_5_A_$or_Y_B  = a[7] & b[5];
  assign row_2[7] = \row_2_$xor_Y_6_A  ^ a[8];
  assign \row_2_$xor_Y_6_A  = \row_2_$xor_Y_6_A_$or_Y_A  | \row_2_$xor_Y_6_A_$or_Y_B ;
  assign \row_2_$xor_Y_6_A_$or_Y_A  = a[6] & b[7];
  assign \row_2_$xor_Y_6_A_$or_Y_B  = a[7] & b[6];
  assign row_2[8] = \row_2_$xor_Y_7_A  ^ a[8];
  assign \row_2_$xor_Y_7_A  = \row_2_$xor_Y_7_A_$or_Y_A  | \row_2_$xor_Y_7_A_$or_Y_B ;
  assign \row_2_$xor_Y_7_A_$or_Y_A  = a[6] & b[7];
  assign \row_2_$xor_Y_7_A_$or_Y_B  = a[7] & b[7];
  assign \row_2_$xor_Y_A  = \row_2_$xor_Y_A_$or_Y_A  | \row_2_$xor_Y_A_$or_Y_B ;
  assign \row_2_$xor_Y_A_$or_Y_A  = a[6] & b[1];
  assign \row_2_$xor_Y_A_$or_Y_B  = a[7] & b[0];
  assign row_3[0] = a[9] & b[0];
  assign row_3[1] = \row_3_$xor_Y_A  ^ a[11];
  assign row_3[2] = \row_3_$xor_Y_1_A  ^ a[11];
  assign \row_3_$xor_Y_1_A  = \row_3_$xor_Y_1_A_$or_Y_A  | \row_3_$xor_Y_1_A_$or_Y_B ;
  assign \row_3_$xor_Y_1_A_$or_Y_A  = a[9] & b[2];
  assign \row_3_$xor_Y_1_A_$or_Y_B  = a[10] & b[1];
  assign row_3[3] = \row_3_$xor_Y_2_A  ^ a[11];
  assign \row_3_$xor_Y_2_A  = \row_3_$xor_Y_2_A_$or_Y_A  | \row_3_$xor_Y_2_A_$or_Y_B ;
  assign \row_3_$xor_Y_2_A_$or_Y_A  = a[9] & b[3];
  assign \row_3_$xor_Y_2_A_$or_Y_B  = a[10] & b[2];
  assign row_3[4] = \row_3_$xor_Y_3_A  ^ a[11];
  assign \row_3_$xor_Y_3_A  = \row_3_$xor_Y_3_A_$or_Y_A  | \row_3_$xor_Y_3_A_$or_Y_B ;
  assign \row_3_$xor_Y_3_A_$or_Y_A  = a[9] & b[4];
  assign \row_3_$xor_Y_3_A_$or_Y_B  = a[10] & b[3];
  assign row_3[5] = \row_3_$xor_Y_4_A  ^ a[11];
  assign \row_3_$xor_Y_4_A  = \row_3_$xor_Y_4_A_$or_Y_A  | \row_3_$xor_Y_4_A_$or_Y_B ;
  assign \row_3_$xor_Y_4_A_$or_Y_A  = a[9] & b[5];
  assign \row_3_$xor_Y_4_A_$or_Y_B  = a[10] & b[4];
  assign row_3[6] = \row_3_$xor_Y_5_A  ^ a[11];
  assign \row_3_$xor_Y_5_A  = \row_3_$xor_Y_5_A_$or_Y_A  | \row_3_$xor_Y_5_A_$or_Y_B ;
  assign \row_3_$xor_Y_5_A_$or_Y_A  = a[9] & b[6];
  assign \row_3_$xor_Y_5_A_$or_Y_B  = a[10] & b[5];
  assign row_3[7] = \row_3_$xor_Y_6_A  ^ a[11];
  assign \row_3_$xor_Y_6_A  = \row_3_$xor_Y_6_A_$or_Y_A  | \row_3_$xor_Y_6_A_$or_Y_B ;
  assign \row_3_$xor_Y_6_A_$or_Y_A  = a[9] & b[7];
  assign \row_3_$xor_Y_6_A_$or_Y_B  = a[10] & b[6];
  assign row_3[8] = \row_3_$xor_Y_7_A  ^ a[11];
  assign \row_3_$xor_Y_7_A  = \row_3_$xor_Y_7_A_$or_Y_A  | \row_3_$xor_Y_7_A_$or_Y_B ;
  assign \row_3_$xor_Y_7_A_$or_Y_A  = a[9] & b[7];
  assign \row_3_$xor_Y_7_A_$or_Y_B  = a[10] & b[7];
  assign \row_3_$xor_Y_A  = \row_3_$xor_Y_A_$or_Y_A  | \row_3_$xor_Y_A_$or_Y_B ;
  assign \row_3_$xor_Y_A_$or_Y_A  = a[9] & b[1];
  assign \row_3_$xor_Y_A_$or_Y_B  = a[10] & b[0];
  assign \o_$add_Y_Y [16:0] = { total[16], o[15:0] };
  assign total[15:0] = o[15:0];
endmodule

module mac_os_1x1_int8_int8_int32_grid(en, a, b, clear, c, clk);
  input en;
  input [7:0] a;
  input [7:0] b;
  input clear;
  output [31:0] c;
  input clk;
  wire [7:0] skew_a;
  wire [7:0] skew_b;
  wire [7:0] b_0;
  wire [32:0] state_0;
  wire [32:0] bus_0;
  reg [32:0] unresolved;
  wire [31:0] resolve;
  wire [31:0] aligned_c;
  reg [31:0] aligned_c_0;
  mac_os_1x1_int8_int8_int32_row row_0 (
    .en(en),
    .a(skew_a),
    .clear(clear),
    .b(skew_b),
    .b_next(b_0),
    .state(state_0),
    .clk(clk)
  );
  mac_os_1x1_int8_int8_int32_drain_stage_1_low drain_0 (
    .en(en),
    .clear(clear),
    .state_0(state_0),
    .bus(33'd8589934591),
    .bus_next(bus_0),
    .clk(clk)
  );
  mac_os_1x1_int8_int8_int32_resolve resolve_0 (
    .i(unresolved),
    .o(resolve)
  );
  assign skew_a = a;
  assign skew_b = b;
  assign aligned_c = aligned_c_0;
  assign c = aligned_c;
  always @(posedge clk)
    if (en) begin
      unresolved <= bus_0;
      aligned_c_0 <= resolve;
    end
endmodule

module mac_os_1x1_int8_int8_int32_drain_stage_1_low(en, clear, state_0, bus, bus_next, clk);
  input en;
  input clear;
  input [32:0] state_0;
  input [32:0] bus;
  output [32:0] bus_next;
  input clk;
  reg finished;
  mac_os_1x1_int8_int8_int32_drain_1_low drain_0 (
    .finished(finished),
    .state_0(state_0),
    .bus(bus),
    .bus_next(bus_next)
  );
  always @(posedge clk)
    if (en) begin
      finished <= clear;
    end
endmodule

module mac_os_1x1_int8_int8_int32_row(en, a, clear, b, b_next, state, clk);
  input en;
  input [7:0] a;
  input clear;
  input [7:0] b;
  output [7:0] b_next;
  output [32:0] state;
  input clk;
  wire [11:0] encode_a;
  wire [11:0] a_0;
  wire clear_0;
  mac_os_1x1_int8_int8_int32_encode_a encode_a_0 (
    .i(a),
    .o(encode_a)
  );
  mac_os_1x1_int8_int8_int32_pe pe_0 (
    .en(en),
    .a(encode_a),
    .clear(clear),
    .b(b),
    .a_next(a_0),
    .clear_next(clear_0),
    .b_next(b_next),
    .state(state),
    .clk(clk)
  );
endmodule
