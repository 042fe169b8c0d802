# Files that a built program writes of its own tables, and that are installed: pages of the manual, schemas. Not where the program
# is for another machine, unless CMAKE_CROSSCOMPILING_EMULATOR runs it.
# mca_written(COMPONENT TARGET FOLDER NAME COMMAND...): what COMMAND prints becomes FOLDER/NAME below share/ of the build tree and,
# as part of COMPONENT, of installations; the target FOLDER/NAME, with '-' for '/', is made by default.
function(mca_written component target folder name)
  if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
    return()
  endif()
  set(output ${PROJECT_BINARY_DIR}/share/${folder}/${name})
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/${folder})
  add_custom_command(OUTPUT ${output} DEPENDS ${target} COMMAND ${ARGN} > ${output} VERBATIM)
  string(REPLACE "/" "-" written "${folder}/${name}")
  add_custom_target(${written} ALL DEPENDS ${output})
  install(FILES ${output} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT ${component})
endfunction()
