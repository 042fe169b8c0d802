/* What a header declares between MCA_C_BEGIN and MCA_C_END are functions of C, to C++ as well. */
#ifndef MCA_BASE_C_LINKAGE_H
#define MCA_BASE_C_LINKAGE_H

#ifdef __cplusplus
#define MCA_C_BEGIN extern "C" {
#define MCA_C_END }
#else
#define MCA_C_BEGIN
#define MCA_C_END
#endif

#endif
