/**
 * Data sets: what they hold and how they are read and written.
 *
 * <p><b>In memory.</b> A {@link lanewise.trainer.data.Dataset} has {@code Features}: {@code Float-}, {@code Byte-} or
 * {@code SparseFeatures}, the last ones over {@link lanewise.trainer.data.Csr}. For the kernels bytes are put in
 * {@code PixelOrder}, which their {@link lanewise.trainer.data.ImageShape} tells, as {@link lanewise.trainer.data.PixelRows} of
 * {@code PixelBlock}s, each in its {@link lanewise.trainer.data.PixelLayout}. {@code Fingerprint} names the content;
 * {@link lanewise.trainer.data.Scaling} and {@link lanewise.trainer.data.Summary} look at the values.
 *
 * <p><b>Formats.</b> {@link lanewise.trainer.data.DataReader} collects how to read ({@code Reading}), and {@code Format} tells by
 * the first bytes which class does: {@code ImageFile} and {@link lanewise.trainer.data.IdxFolder} (over {@code Idx...}),
 * {@code CsvFile} ({@code Csv...}), {@code LibsvmFile} ({@code Libsvm...}, which fill a {@code SparseSink}, such as
 * {@code CsrBuilder}), {@code NpyFile} and {@code NpzFile} ({@code Npy...} and {@code Fortran...}). {@code LabelTable} makes classes
 * of labels, which may be in a {@code LabelFile}; {@link lanewise.trainer.data.ClassNames} are for those that are numbers alone.
 * All hold every size that a file claims against the size of the file, by which {@code Growth} foretells what will come.
 * {@link lanewise.trainer.data.DataWriter} writes, by {@code TextWriter} and {@code ArrayWriter}.
 *
 * <p><b>Streams.</b> Each format opens its rows as a {@code RowStream} too, of a {@code RowForm}: {@code Image-}, {@code Table-},
 * {@code Libsvm-} or {@code ArrayStream}, with a {@code LabelStream} where labels are elsewhere. Rows to measure by come from one
 * as {@link lanewise.trainer.data.LabelledRows}, and rows to predict through a {@link lanewise.trainer.data.RowReader}.
 *
 * <p><b>Packed rows on the disk.</b> {@code RowsWriter} writes them with a {@code RowsHeader}, for which {@code EntryCount} counts
 * what sparse ones have. {@link lanewise.trainer.data.DiskRows} are read by the thread of a
 * {@link lanewise.trainer.data.BlockReader}: each {@code Chunk} through a {@code Piece} into a {@code BlockBuffer}, where bytes for
 * the kernels are {@code TiledFeatures}.
 *
 * <p><b>Parts.</b> {@link lanewise.trainer.data.Split} and {@link lanewise.trainer.data.Folds} deal out rows in memory. Of
 * {@link lanewise.trainer.data.RawRows}, a stream copied as it is, the parts are {@link lanewise.trainer.data.RawPart}s, which are
 * written as packed rows. {@link lanewise.trainer.data.Shuffle} orders the {@link lanewise.trainer.data.Rows} of both.
 *
 * <p><b>Where bytes come from</b> is in {@code lanewise.trainer.data.source}: a {@code Source} can be read again.
 */
package lanewise.trainer.data;
