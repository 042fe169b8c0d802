# Release builds by gcc are optimised across files when the programs are linked: training is some percent faster, and gives
# the same bytes. Objects hold plain code beside it, so that tests, and others, link libmca.a as any library.
function(mca_link_time target)
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE ON)
  endif()
endfunction()
set(CMAKE_C_COMPILE_OPTIONS_IPO -flto=auto -ffat-lto-objects)
set(CMAKE_CXX_COMPILE_OPTIONS_IPO -flto=auto -ffat-lto-objects)
