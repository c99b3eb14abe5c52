# What is installed beside the plugin, and packages of it: the profile, its zip file, Debian's.
# SPDX-License-Identifier: GPL-2.0-or-later

# The profile as Wireshark's "Import from zip file" takes it: the directory itself is in the zip.
file(GLOB profile_files CONFIGURE_DEPENDS "plugin/profile/TCP State/*")
add_custom_command(OUTPUT tcpstate-profile.zip
  COMMAND ${CMAKE_COMMAND} -E chdir ${PROJECT_SOURCE_DIR}/plugin/profile
    ${CMAKE_COMMAND} -E tar cf ${CMAKE_BINARY_DIR}/tcpstate-profile.zip --format=zip "TCP State"
  DEPENDS ${profile_files} VERBATIM)
add_custom_target(profile ALL DEPENDS tcpstate-profile.zip)

# `cpack -G DEB` in the build directory makes the Debian package wireshark-plugin-tcpstate.
# What Debian asks of every package comes from the files of the project.
if(TARGET tcpstate AND NOT APPLE)
  if(TCPSTATE_USER_INSTALL)
    set(profiles_dir "$ENV{HOME}/.config/wireshark/profiles")
  else()
    set(profiles_dir "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
  endif()
  install(DIRECTORY "plugin/profile/TCP State" DESTINATION "${profiles_dir}" OPTIONAL)
  list(APPEND installed "${profiles_dir}/TCP State")

  set(CPACK_PACKAGE_NAME wireshark-plugin-tcpstate)
  set(CPACK_PACKAGE_CONTACT "TCP State maintainers <maintainers@users.noreply.github.com>"
    CACHE STRING "Who maintains the package")
  string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH, where set
  set(package_doc "${CMAKE_BINARY_DIR}/package")
  file(WRITE "${package_doc}/changelog" "${CPACK_PACKAGE_NAME} (${PROJECT_VERSION}) unstable; urgency=low\n\n"
    "  * See CHANGELOG.md.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${package_date}\n")
  file(WRITE "${package_doc}/copyright"
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
    "Files: *\nCopyright: 2026 the authors of tcpstate\nLicense: GPL-2+\n"
    " This program is free software; you can redistribute it and/or modify it under the terms of the\n"
    " GNU General Public License as published by the Free Software Foundation; either version 2 of the\n"
    " License, or (at your option) any later version.\n .\n"
    " On Debian systems, the full text is in /usr/share/common-licenses/GPL-2.\n")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin: the TCP states of both endpoints, per packet")
  string(CONCAT CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Tells in Wireshark, tshark and sharkd in which state of RFC 9293 both\n"
    "endpoints of each TCP connection are after every packet, how certain that\n"
    "is, and which packets do not fit. Comes with the profile TCP State.")
  set(CPACK_DEBIAN_PACKAGE_SECTION net)
  set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_GENERATOR DEB)
  set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(CPACK_PACKAGING_INSTALL_PREFIX "${Wireshark_INSTALL_PREFIX}")
  find_program(GZIP gzip)
  if(GZIP)
    execute_process(COMMAND ${GZIP} -9nf changelog WORKING_DIRECTORY "${package_doc}")
  endif()
  if(NOT TCPSTATE_USER_INSTALL)
    set(doc_dir "${Wireshark_INSTALL_PREFIX}/share/doc/${CPACK_PACKAGE_NAME}")
    install(DIRECTORY "${package_doc}/" DESTINATION "${doc_dir}")
    list(APPEND installed "${doc_dir}")
  endif()
  include(CPack)
endif()
if(TARGET tcpstate)
  add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} "-DINSTALLED=${installed}"
    -P "${PROJECT_SOURCE_DIR}/plugin/uninstall.cmake" VERBATIM)
endif()
