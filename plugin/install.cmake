# What is installed beside the plugin: its profile, the command annotate, its man page and completion; and the
# target that takes all of it away.
# SPDX-License-Identifier: GPL-2.0-or-later

# The profile as Wireshark's "Import from zip file" takes it: the directory itself is in the zip.
file(GLOB profile_files CONFIGURE_DEPENDS "plugin/profile/TCP State/*")
add_custom_command(OUTPUT tcpstate-profile.zip
  COMMAND ${CMAKE_COMMAND} -E chdir ${PROJECT_SOURCE_DIR}/plugin/profile
    ${CMAKE_COMMAND} -E tar cf ${CMAKE_BINARY_DIR}/tcpstate-profile.zip --format=zip "TCP State"
  DEPENDS ${profile_files} VERBATIM)
add_custom_target(profile ALL DEPENDS tcpstate-profile.zip)

function(install_as path) # what is installed under this name, and taken away
  set(installed ${installed} "${path}" PARENT_SCOPE)
  get_filename_component(directory "${path}" DIRECTORY)
  get_filename_component(name "${path}" NAME)
  install(${ARGN} DESTINATION "${directory}" RENAME "${name}")
endfunction()

# The program needs no Wireshark.
if(TARGET tcpstate_tool)
  set(tool_prefix "${CMAKE_INSTALL_PREFIX}")
  if(TARGET tcpstate)
    set(tool_prefix "${Wireshark_INSTALL_PREFIX}")
  endif()
  if(TCPSTATE_USER_INSTALL)
    set(tool_prefix "$ENV{HOME}/.local")
  endif()
  install(TARGETS tcpstate_tool RUNTIME DESTINATION "${tool_prefix}/bin")
  list(APPEND installed "${tool_prefix}/bin/tcpstate")
  install_as("${tool_prefix}/share/bash-completion/completions/tcpstate" FILES plugin/tcpstate.bash)
  find_program(GZIP gzip)
  if(GZIP)
    configure_file(plugin/tcpstate.1 "${CMAKE_BINARY_DIR}/install/tcpstate.1" COPYONLY)
    execute_process(COMMAND ${GZIP} -9nf tcpstate.1 WORKING_DIRECTORY "${CMAKE_BINARY_DIR}/install")
    install_as("${tool_prefix}/share/man/man1/tcpstate.1.gz" FILES "${CMAKE_BINARY_DIR}/install/tcpstate.1.gz")
  endif()
endif()

if(TARGET tcpstate AND NOT APPLE)
  set(prefix "${Wireshark_INSTALL_PREFIX}")
  set(profiles_dir "${prefix}/share/wireshark/profiles")
  if(TCPSTATE_USER_INSTALL)
    set(prefix "$ENV{HOME}/.local")
    set(profiles_dir "$ENV{HOME}/.config/wireshark/profiles")
  endif()
  install(DIRECTORY "plugin/profile/TCP State" DESTINATION "${profiles_dir}" OPTIONAL)
  list(APPEND installed "${profiles_dir}/TCP State")

  # The command finds its parts, and what is said here, beside the file that it is a link to.
  set(command_dir "${prefix}/share/tcpstate")
  get_filename_component(plugins_dir "${install_dir}/../.." ABSOLUTE)
  set(made "${CMAKE_BINARY_DIR}/install")
  file(WRITE "${made}/installed" "# What is installed; read by annotate.\n"
    "version=${PROJECT_VERSION} plugins='${plugins_dir}'\n")
  file(CREATE_LINK ../share/tcpstate/annotate "${made}/tcpstate-annotate" SYMBOLIC)
  file(GLOB command_parts CONFIGURE_DEPENDS plugin/*.sh)
  install(PROGRAMS plugin/annotate DESTINATION "${command_dir}")
  install(FILES ${command_parts} "${made}/installed" DESTINATION "${command_dir}")
  list(APPEND installed "${command_dir}")
  install_as("${prefix}/bin/tcpstate-annotate" FILES "${made}/tcpstate-annotate")
  install_as("${prefix}/share/bash-completion/completions/tcpstate-annotate" FILES plugin/annotate.bash)
  find_program(GZIP gzip)
  if(GZIP)
    configure_file(plugin/annotate.1 "${made}/annotate.1" COPYONLY)
    execute_process(COMMAND ${GZIP} -9nf annotate.1 WORKING_DIRECTORY "${made}")
    install_as("${prefix}/share/man/man1/tcpstate-annotate.1.gz" FILES "${made}/annotate.1.gz")
  endif()
endif()

add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} "-DINSTALLED=${installed}"
  -P "${PROJECT_SOURCE_DIR}/plugin/uninstall.cmake" VERBATIM)

# What is built for it: all but tests.
add_custom_target(to_install DEPENDS profile)
foreach(target tcpstate tcpstate_tool)
  if(TARGET ${target})
    add_dependencies(to_install ${target})
  endif()
endforeach()
