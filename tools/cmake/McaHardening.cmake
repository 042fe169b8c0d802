# Release builds: position-independent programs whose addresses vary, tables that are read-only once the program runs, canaries
# on the stack, checked copies. -fno-semantic-interposition: position-independent code may inline its own functions.
# Assertions stay in release builds, and name files as seen from the top of the tree: where it lay is not in what is built.
set(mca_hardening "-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fno-semantic-interposition \
-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
set(CMAKE_C_FLAGS_RELEASE "-O3 ${mca_hardening}")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 ${mca_hardening}")
set(CMAKE_EXE_LINKER_FLAGS_RELEASE "-Wl,-z,relro,-z,now")
set(CMAKE_SHARED_LINKER_FLAGS_RELEASE "-Wl,-z,relro,-z,now")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
get_property(mca_languages GLOBAL PROPERTY ENABLED_LANGUAGES)
list(REMOVE_ITEM mca_languages NONE)
check_pie_supported(LANGUAGES ${mca_languages})
