// pack.mjs DIST OUT: every file below DIST, compressed, as OUT.S and OUT.cpp for the linker. The same
// input gives the same bytes: names are sorted and gzip carries no time.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const [dist, out] = process.argv.slice(2).map((path) => resolve(path))
const packed = `${out}.packed`

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

rmSync(packed, { recursive: true, force: true })
mkdirSync(packed)
let assembly = '    .section .rodata\n'
let externs = ''
let rows = ''
filesBelow(dist)
  .sort()
  .forEach((path, i) => {
    const symbol = `embedded_console_${i}`
    const file = join(packed, `${i}.gz`)
    writeFileSync(file, gzipSync(readFileSync(path), { level: 9 }))
    assembly += `    .global ${symbol}\n    .global ${symbol}_end\n${symbol}:\n    .incbin "${file}"\n${symbol}_end:\n    .byte 0\n`
    externs += `extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n`
    rows += `    {"${relative(dist, path)}", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n`
  })
writeFileSync(`${out}.S`, `${assembly}    .section .note.GNU-stack,"",@progbits\n`)
writeFileSync(
  `${out}.cpp`,
  `#include "registry/domain/embedded.h"

extern "C" {
${externs}}

namespace chucai {
std::span<const EmbeddedFile> embedded_console() {
  static const EmbeddedFile files[] = {
${rows}  };
  return files;
}
}  // namespace chucai
`,
)
