# What Debian wants of a package beside what is installed: copyright and changelog, compressed pages of the manual, programs
# without symbols, libraries that it depends on, rights. Read by cpack between installation and packing
# (tools/cmake/McaPackages.cmake).
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Libraries that PROGRAM... are linked with go into the variable FOUND, as a package depends on them.
function(find_libraries found)
  file(WRITE ${CPACK_TEMPORARY_DIRECTORY}/debian/control "Source: mcasim\n") # dpkg-shlibdeps wants to see one
  execute_process(COMMAND dpkg-shlibdeps -O ${ARGN} WORKING_DIRECTORY ${CPACK_TEMPORARY_DIRECTORY} OUTPUT_VARIABLE text
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${CPACK_TEMPORARY_DIRECTORY}/debian)
  string(REPLACE "shlibs:Depends=" "" text "${text}")
  set(${found} "${text}" PARENT_SCOPE)
endfunction()

# packages of one tree are the same bytes whenever they are made: cpack dates their files with it
set(ENV{SOURCE_DATE_EPOCH} ${CPACK_MCA_EPOCH})
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(changelog "mcasim (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Release ${CPACK_PACKAGE_VERSION}; its changes stand in CHANGELOG.md of mcasim-doc.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER ${component} upper)
  set(package CPACK_DEBIAN_${upper}_PACKAGE)
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component})

  file(REMOVE ${root}/usr/share/doc/mcasim/LICENSE) # which copyright names
  file(COPY ${CPACK_MCA_FOLDER}/copyright DESTINATION ${root}/usr/share/doc/${${package}_NAME})
  file(WRITE ${root}/usr/share/doc/${${package}_NAME}/changelog.Debian "${changelog}")
  file(GLOB texts ${root}/usr/share/man/man1/*.1)
  run(gzip -9n ${texts} ${root}/usr/share/doc/${${package}_NAME}/changelog.Debian)

  file(GLOB programs ${root}/usr/bin/*)
  file(GLOB shared ${root}/usr/lib/*/*.so.*)
  file(GLOB static ${root}/usr/lib/*/*.a)
  foreach(file IN LISTS programs shared)
    run(strip --strip-unneeded --remove-section=.comment --remove-section=.note ${file})
  endforeach()
  foreach(file IN LISTS static)
    run(strip --strip-debug --remove-section=.comment --remove-section=.note --enable-deterministic-archives ${file})
  endforeach()
  if(programs OR shared)
    find_libraries(libraries ${programs} ${shared})
    list(APPEND ${package}_DEPENDS ${libraries})
    list(JOIN ${package}_DEPENDS ", " ${package}_DEPENDS)
  endif()
  if(shared)
    file(WRITE ${CPACK_TEMPORARY_DIRECTORY}/control/shlibs "${CPACK_MCA_SHLIBS}\n")
    list(APPEND ${package}_CONTROL_EXTRA ${CPACK_TEMPORARY_DIRECTORY}/control/shlibs)
  endif()

  run(chmod -R u=rwX,go=rX ${root})
endforeach()
