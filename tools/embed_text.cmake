# cmake -DINPUT=FILE -DNAME=SYMBOL -DOUTPUT=FILE.c -P embed_text.cmake: a file's bytes as a struct mca__page_part SYMBOL.
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
file(WRITE "${OUTPUT}" "#include \"reports/page/html_page.h\"\n\nstatic const unsigned char TEXT[] = {\n${bytes}\n};\n"
     "const struct mca__page_part ${NAME} = {TEXT, sizeof TEXT};\n")
