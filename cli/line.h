/* Lines of lists: as wide as the terminal, cut at a word. */
#ifndef MCA_CLI_LINE_H
#define MCA_CLI_LINE_H

/* Characters of a line of standard output: those of $COLUMNS or of the terminal, `otherwise` in
 * files and pipes. */
int cli_line_width(int otherwise);

/* The same where what is no terminal gets whole lines. */
int cli_list_width(void);

/* Prints a text and ends the line; what would go beyond `width` from `column` on is cut off at a
 * word, with "..." in its place. */
void cli_put_cut(const char *text, int column, int width);

#endif
