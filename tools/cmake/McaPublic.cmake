# MCA_PUBLIC_HEADERS: mca.h and the headers that it includes, which are for users; the others are libmca's own.
set(mca_open ${PROJECT_SOURCE_DIR}/model/mca.h)
set(MCA_PUBLIC_HEADERS "")
while(mca_open)
  list(POP_FRONT mca_open header)
  list(APPEND MCA_PUBLIC_HEADERS ${header})
  file(STRINGS ${header} included REGEX "^#include \"")
  foreach(line IN LISTS included)
    string(REGEX REPLACE "^#include \"(.*)\".*" "\\1" name ${line})
    foreach(file ${PROJECT_SOURCE_DIR}/model/${name} ${PROJECT_SOURCE_DIR}/${name})
      if(EXISTS ${file} AND NOT file IN_LIST MCA_PUBLIC_HEADERS AND NOT file IN_LIST mca_open)
        list(APPEND mca_open ${file})
      endif()
    endforeach()
  endforeach()
endwhile()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${MCA_PUBLIC_HEADERS})

# What they declare, as the compiler's preprocessor gives it: functions, and data after `extern`. Names of what is no symbol do no
# harm.
separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
execute_process(COMMAND ${CMAKE_C_COMPILER} ${flags} -std=c11 -E -P -I${PROJECT_SOURCE_DIR}/model -I${PROJECT_SOURCE_DIR}
                        ${PROJECT_SOURCE_DIR}/model/mca.h
                OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "mca_[a-z0-9_]+ *\\(" mca_names "${text}")
string(REGEX MATCHALL "extern [^(;]*[ *]mca_[a-z0-9_]+" data "${text}")
list(TRANSFORM data REPLACE ".*[ *]" "")
list(APPEND mca_names ${data})
list(TRANSFORM mca_names REPLACE " *\\(" "")
list(REMOVE_DUPLICATES mca_names)
list(SORT mca_names)
list(JOIN mca_names ";\n        " mca_names)

# mca_exports(TARGET): a shared library that gives its users the names of mca.h, under the number of its interface.
# mca_exports(TARGET PRIVATE): also what is libmca's own, under a version that says so: for programs of the same build.
function(mca_exports target)
  set(hides "\n    local:\n        *;")
  if("PRIVATE" IN_LIST ARGN)
    set(own "MCA_PRIVATE_${PROJECT_VERSION} {\n    global:\n        mca_*;${hides}\n};\n")
    set(hides "")
  endif()
  set(file ${PROJECT_BINARY_DIR}/${target}.map)
  file(CONFIGURE OUTPUT ${file} CONTENT "MCA_${MCA_INTERFACE} {\n    global:\n        ${mca_names};${hides}\n};\n${own}")
  target_link_options(${target} PRIVATE LINKER:--version-script=${file})
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${file})
endfunction()
