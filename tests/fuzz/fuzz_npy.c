/* An array of weights. */
#include "fuzz/fuzz.h"

#include "base/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const struct mca_npy shape = {"<u2", 2, 3, 2};
    uint16_t cells[3][4];
    struct mca_error error = {""};
    struct fuzz_file file = fuzz_file_open(data, size);
    memset(cells, 0xab, sizeof cells);
    if (mca_npy_read(file.path, &shape, cells, 4, &error) != MCA_OK) {
        fuzz_refused(&error, file.path);
    }
    for (int r = 0; r < 3; ++r) { /* beyond the columns nothing is touched */
        FUZZ_CHECK(cells[r][2] == 0xabab && cells[r][3] == 0xabab);
    }
    fuzz_answer_bytes("cells", cells, sizeof cells);
    fuzz_file_close(&file);
    return 0;
}
