# The Debian package: `plugin/package` makes it. What Debian asks of every package comes from the files of the
# project; its documents are README.md and CHANGELOG.md.
# SPDX-License-Identifier: GPL-2.0-or-later
if(NOT TARGET tcpstate OR APPLE)
  return()
endif()

# Each release has a Wireshark of its own, and so a package of its own: 0.1.0+deb12, which 0.1.0+deb13 replaces.
set(os ID=debian VERSION_ID=)
if(EXISTS /etc/os-release)
  file(STRINGS /etc/os-release os REGEX "^(ID|VERSION_ID|VERSION_CODENAME)=")
endif()
string(REPLACE "\"" "" os "${os}")
foreach(line IN LISTS os)
  string(REGEX REPLACE "=.*" "" key "${line}")
  string(REGEX REPLACE "^[^=]*=" "" os_${key} "${line}")
endforeach()
if(NOT os_VERSION_ID)
  set(os_VERSION_ID "${os_VERSION_CODENAME}") # a release to come has only a name
endif()
string(REPLACE debian deb os_ID "${os_ID}")

set(CPACK_PACKAGE_NAME wireshark-plugin-tcpstate)
set(CPACK_PACKAGE_CONTACT "TCP State maintainers <maintainers@users.noreply.github.com>"
  CACHE STRING "Who maintains the package")
set(CPACK_DEBIAN_PACKAGE_VERSION "${PROJECT_VERSION}+${os_ID}${os_VERSION_ID}")
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH, where set
set(package_doc "${CMAKE_BINARY_DIR}/package")
file(WRITE "${package_doc}/changelog" "${CPACK_PACKAGE_NAME} (${CPACK_DEBIAN_PACKAGE_VERSION}) unstable; urgency=low\n\n"
  "  * See CHANGELOG.md.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${package_date}\n")
file(WRITE "${package_doc}/copyright"
  "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
  "Upstream-Name: tcpstate\n\n"
  "Files: *\nCopyright: 2026 the authors of tcpstate\nLicense: GPL-2+\n\n"
  "License: GPL-2+\n"
  " This program is free software; you can redistribute it and/or modify it under the terms of the\n"
  " GNU General Public License as published by the Free Software Foundation; either version 2 of the\n"
  " License, or (at your option) any later version.\n .\n"
  " On Debian systems, the full text is in /usr/share/common-licenses/GPL-2.\n")
file(GLOB documents README.md CHANGELOG.md)
file(COPY ${documents} DESTINATION "${package_doc}")
find_program(GZIP gzip)
if(GZIP)
  execute_process(COMMAND sh -c "${GZIP} -9nf changelog *.md" WORKING_DIRECTORY "${package_doc}")
endif()
if(NOT TCPSTATE_USER_INSTALL)
  set(doc_dir "${Wireshark_INSTALL_PREFIX}/share/doc/${CPACK_PACKAGE_NAME}")
  install(DIRECTORY "${package_doc}/" DESTINATION "${doc_dir}")
  list(APPEND installed "${doc_dir}")
endif()

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin: the TCP states of both endpoints, per packet")
string(CONCAT CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "Tells in Wireshark, tshark and sharkd in which state of RFC 9293 both\n"
  "endpoints of each TCP connection are after every packet, how certain that\n"
  "is, and which packets do not fit.\n"
  ".\n"
  "Comes with the profile TCP State, and with the command tcpstate-annotate,\n"
  "which prints a capture with the states in a terminal, or writes a copy of it\n"
  "with comments that every Wireshark shows, and with the program tcpstate, which\n"
  "prints the states of pcap and pcapng files without Wireshark.")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tshark | wireshark")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX "${Wireshark_INSTALL_PREFIX}")
include(CPack)
