// The memory of chi, as an update engine sees it: answers in order, `chi_latency` cycles after the
// request or, while `chi_open` is low, later; 4 requests on their way at most. Included inside a
// bench.
  localparam PENDING = 32;
  reg  [LANES*CHI_BITS-1:0] chi [0:(1<<ADDR_BITS)-1];
  reg  [LANES*CHI_BITS-1:0] pending [0:PENDING-1];
  integer                   due [0:PENDING-1];
  integer                   requests, answers, now, chi_latency;
  wire                      chi_re, chi_we;
  reg                       chi_rvalid;
  wire [ADDR_BITS-1:0]      chi_raddr, chi_waddr;
  reg  [LANES*CHI_BITS-1:0] chi_rdata;
  wire [LANES*CHI_BITS-1:0] chi_wdata;

  task clear_chi_requests;
    begin
      requests = 0;
      answers = 0;
      now = 0;
      chi_rvalid = 1'b0;
    end
  endtask

  // {first word, words, words of lanes} from v[base] on.
  task load_chi(input integer base);
    integer i, l;
    for (i = 0; i < v[base+1]; i = i + 1)
      for (l = 0; l < LANES; l = l + 1)
        chi[v[base]+i][l*CHI_BITS +: CHI_BITS] = v[base+2+i*LANES+l];
  endtask

  task answer_chi(input chi_open);
    begin
      chi_rvalid = answers < requests && due[answers%PENDING] <= now && chi_open;
      chi_rdata = chi_rvalid ? pending[answers%PENDING] : {LANES*CHI_BITS{1'bx}};
    end
  endtask

  task step_chi;
    begin
      if (chi_rvalid) answers = answers + 1;
      if (chi_re) begin
        pending[requests%PENDING] = chi[chi_raddr];
        due[requests%PENDING] = now + chi_latency;
        requests = requests + 1;
        if (requests - answers > 4) mismatch("chi requests", -1, 0, 4, requests - answers);
      end
      if (chi_we) chi[chi_waddr] = chi_wdata;
      now = now + 1;
    end
  endtask
