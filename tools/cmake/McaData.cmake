# Where programs and a shared library find the scenarios, as seen from their own folder: an installed tree may be moved. The
# build tree is laid out the same way, so that its programs find the scenarios and the RTL of its source.
set(data ${CMAKE_INSTALL_FULL_DATADIR}/mcasim)
file(RELATIVE_PATH MCA_DATA_FROM_PROGRAM ${CMAKE_INSTALL_FULL_BINDIR} ${data})
file(RELATIVE_PATH MCA_DATA_FROM_LIBRARY ${CMAKE_INSTALL_FULL_LIBDIR} ${data})
get_filename_component(data ${PROJECT_BINARY_DIR}/bin/${MCA_DATA_FROM_PROGRAM} ABSOLUTE)
string(FIND ${data} ${PROJECT_BINARY_DIR}/ inside)
if(inside EQUAL 0) # not with folders of the distributor's own that lie apart
  file(MAKE_DIRECTORY ${data})
  foreach(folder scenarios schema rtl shim/unit) # a scenario's head names the schema beside its folder
    file(RELATIVE_PATH source ${data} ${PROJECT_SOURCE_DIR}/${folder})
    get_filename_component(name ${folder} NAME)
    file(CREATE_LINK ${source} ${data}/${name} SYMBOLIC)
  endforeach()
endif()
# programs find a shared libmca beside themselves too
file(RELATIVE_PATH libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
if(BUILD_SHARED_LIBS)
  set(CMAKE_INSTALL_RPATH "$ORIGIN/${libraries}")
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR})
endif()
