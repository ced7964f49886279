# embed_files(TARGET SYMBOL a b ...): compiles text files, none at all too, into TARGET.
# Generates `const std::span<const chucai::EmbeddedFile> chucai::embedded_<SYMBOL>()`; names are
# relative to the calling folder, ../sibling/NAME is NAME. The bytes come in by .incbin, so a
# megabyte costs milliseconds.
function(embed_files target symbol)
  set(asm ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.S)
  set(cpp ${CMAKE_CURRENT_BINARY_DIR}/embedded_${symbol}.cpp)
  set(asm_text "    .section .rodata\n")
  set(externs "")
  set(rows "")
  set(paths "")
  set(i 0)
  foreach(file ${ARGN})
    set(path ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    set(name embedded_${symbol}_${i})
    string(APPEND asm_text "    .global ${name}\n    .global ${name}_end\n${name}:\n    .incbin \"${path}\"\n${name}_end:\n    .byte 0\n")
    string(APPEND externs "extern const char ${name}[];\nextern const char ${name}_end[];\n")
    string(REGEX REPLACE "^\\.\\./[^/]+/" "" shown ${file})
    string(APPEND rows "    {\"${shown}\", {${name}, static_cast<std::size_t>(${name}_end - ${name})}},\n")
    list(APPEND paths ${path})
    math(EXPR i "${i} + 1")
  endforeach()
  if(rows)
    set(body "  static const EmbeddedFile files[] = {\n${rows}  };\n  return files;\n")
  else()
    set(body "  return {};\n")
  endif()
  string(APPEND asm_text "    .section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT ${asm} CONTENT "${asm_text}" @ONLY)
  file(CONFIGURE OUTPUT ${cpp} CONTENT "#include \"registry/domain/embedded.h\"

extern \"C\" {
${externs}}

namespace chucai {
std::span<const EmbeddedFile> embedded_${symbol}() {
${body}}
}  // namespace chucai
" @ONLY)
  set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${asm} ${cpp})
endfunction()
