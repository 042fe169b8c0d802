# MCA_COMMIT: the commit a build comes from, "unknown" where the source tree is no git checkout of its own: a tree unpacked
# inside another repository is not of that repository's commit. MCA_EPOCH: the second that what is built is dated with, that of
# $SOURCE_DATE_EPOCH, else the commit's, else the build's. MCA_DATE: its day, on pages of the manual.
set(MCA_COMMIT "unknown")
set(mca_committed "")
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} rev-parse --show-prefix
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                  OUTPUT_VARIABLE mca_prefix OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE mca_prefix_result)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=12
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                  OUTPUT_VARIABLE mca_describe OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE mca_describe_result)
  if(mca_prefix_result EQUAL 0 AND mca_prefix STREQUAL "" AND mca_describe_result EQUAL 0)
    set(MCA_COMMIT "${mca_describe}")
    execute_process(COMMAND ${GIT_EXECUTABLE} log -1 --format=%ct WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                    OUTPUT_VARIABLE mca_committed OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
endif()
if(mca_committed AND NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  set(ENV{SOURCE_DATE_EPOCH} ${mca_committed})
endif()
string(TIMESTAMP MCA_EPOCH "%s" UTC)
string(TIMESTAMP MCA_DATE "%Y-%m-%d" UTC)
