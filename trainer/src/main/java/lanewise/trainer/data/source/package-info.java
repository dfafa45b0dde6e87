/**
 * What data are read from: {@link lanewise.trainer.data.source.Source} opens a file or standard input, {@code Unpacked}
 * gives its bytes whether they are gzipped or not, {@code ZipStream} the members of an archive, and {@code Utf8Reader} the
 * text. Nothing here knows what the bytes mean.
 */
package lanewise.trainer.data.source;
