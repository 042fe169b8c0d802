# The project's warnings, for its own targets.
function(mca_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes> -Wvla -Wundef -Wformat=2 -Wcast-qual -Wswitch-enum)
  if(MCA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
