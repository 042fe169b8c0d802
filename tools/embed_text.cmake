# cmake -DINPUT=FILE -DNAME=SYMBOL -DOUTPUT=FILE.c -P embed_text.cmake: a file's bytes as a C array SYMBOL with SYMBOL_size.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"reports/page/html_page.h\"\n\nconst unsigned char ${NAME}[] = {\n${bytes}\n};\n"
     "const size_t ${NAME}_size = sizeof ${NAME};\n")
