# MCA_COMMIT: the commit a build comes from, "unknown" where the source tree is no git checkout of its own: a tree unpacked
# inside another repository is not of that repository's commit. MCA_DATE: that commit's date, on pages of the manual; else the
# build's, or that of $SOURCE_DATE_EPOCH.
set(MCA_COMMIT "unknown")
string(TIMESTAMP MCA_DATE "%Y-%m-%d" UTC)
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
    execute_process(COMMAND ${GIT_EXECUTABLE} log -1 --format=%cs WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                    OUTPUT_VARIABLE MCA_DATE OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
endif()
