/**
 * Data sets: what they hold and how they are read and written.
 *
 * <p>{@link lanewise.trainer.data.DataReader} reads every format, and each has its classes: {@code Idx}, {@code Csv},
 * {@code Libsvm}, {@code Npy} and {@code Npz}. All take a {@code Source}, which can be read again, and hold every size that a
 * file claims against the size of the file.
 */
package lanewise.trainer.data;
