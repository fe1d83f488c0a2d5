# What `cmake --install` puts where: libraries, headers, the program, docs, the pkg-config file and the CMake package. The
# prefix may move afterwards: nothing installed names it, but for /usr and for folders given as absolute paths.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/ozcapsula)
install(TARGETS ozcapsula_shared EXPORT ozcapsula-shared INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ozcapsula_archive EXPORT ozcapsula-static INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set_target_properties(ozcapsula_shared PROPERTIES EXPORT_NAME ozcapsula)
set_target_properties(ozcapsula_archive PROPERTIES EXPORT_NAME ozcapsula_static)
foreach(kind shared static)
  install(EXPORT ozcapsula-${kind} NAMESPACE ozcapsula:: DESTINATION ${package_dir})
endforeach()

install(FILES include/ozcapsula.h TYPE INCLUDE)
install(FILES ${PUBLIC_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ozcapsula)

# The headers and the messages name pages of docs/.
file(GLOB pages CONFIGURE_DEPENDS docs/*.md docs/*.json)
install(FILES ${pages} TYPE DOC)

if(OZCAPSULA_PROGRAM)
  file(RELATIVE_PATH bin_to_lib ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set_target_properties(ozcapsula PROPERTIES INSTALL_RPATH
    $<$<BOOL:${OZCAPSULA_SHARED_PROGRAM}>:\$ORIGIN/${bin_to_lib}>)
  install(TARGETS ozcapsula)
endif()

# Within one major version nothing goes away (docs/upgrading.md), so a newer one serves who asks for an older one.
configure_package_config_file(tools/cmake/ozcapsula-config.cmake.in ${PROJECT_BINARY_DIR}/ozcapsula-config.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/ozcapsula-config-version.cmake COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/ozcapsula-config.cmake ${PROJECT_BINARY_DIR}/ozcapsula-config-version.cmake
  DESTINATION ${package_dir})

# The folders of /usr are named as they are, so that pkg-config can leave out what compilers know.
if(CMAKE_INSTALL_PREFIX STREQUAL /usr OR IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR} OR IS_ABSOLUTE ${CMAKE_INSTALL_INCLUDEDIR})
  set(PC_PREFIX ${CMAKE_INSTALL_PREFIX})
  set(PC_LIBDIR ${CMAKE_INSTALL_FULL_LIBDIR})
  set(PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_INCLUDEDIR})
else()
  string(REGEX REPLACE "[^/]+" ".." up ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  set(PC_PREFIX \${pcfiledir}/${up})
  set(PC_LIBDIR \${prefix}/${CMAKE_INSTALL_LIBDIR})
  set(PC_INCLUDEDIR \${prefix}/${CMAKE_INSTALL_INCLUDEDIR})
endif()
string(REGEX REPLACE "([^;]+)>=([^;]+)" "\\1 >= \\2" PC_REQUIRES "${DEPENDENCIES}")
list(JOIN PC_REQUIRES ", " PC_REQUIRES)
configure_file(tools/cmake/ozcapsula.pc.in ${PROJECT_BINARY_DIR}/ozcapsula.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ozcapsula.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
add_subdirectory(docs/man)
