# MCA_COMMIT: the commit a build comes from, "unknown" outside a git checkout.
set(MCA_COMMIT "unknown")
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --always --dirty --abbrev=12
                  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                  OUTPUT_VARIABLE mca_describe OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE mca_describe_result)
  if(mca_describe_result EQUAL 0)
    set(MCA_COMMIT "${mca_describe}")
  endif()
endif()
