package lanewise.trainer.run;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static lanewise.trainer.ExitCode.CANNOT_CREATE;
import static lanewise.trainer.ExitCode.LOCKED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.AtomicFile;
import lanewise.trainer.train.Provenance;
import lanewise.trainer.train.TrainingListener;

/**
 * The folder of a run. A run that was interrupted, however it happened, resumes in the same folder and ends with the same
 * bytes:
 *
 * <pre>{@code
 * try (RunFolder run = RunFolder.open(Path.of("runs/mnist"))) {
 *     trainer.fit(model, train, test, run.listener(Provenance.of(trainer, train)));
 * }
 * }</pre>
 *
 * <p>It holds
 *
 * <ul>
 *   <li>{@code checkpoint.safetensors}: the state of the training; written at most once a second, and never more often than
 *       every twenty times the duration of a save
 *   <li>{@code last.safetensors}: the model after the last whole epoch by then
 *   <li>{@code best.safetensors}: the model after the epoch with the lowest test loss
 *   <li>{@code metrics.jsonl}: a line of JSON for each epoch
 *   <li>{@code train.rows} and {@code test.rows}: the data, packed, if they do not fit the heap
 *   <li>{@code config.json}: what the command line makes a run from
 *   <li>{@code lock}: names the process that holds the folder; the file stays behind
 * </ul>
 *
 * <p>Each but the lock and the lines is replaced as a whole, and none is written through a symbolic link.
 */
public final class RunFolder implements AutoCloseable {
    /** What the command line makes a run from. */
    public static final String CONFIG = "config.json";

    /** The model after the last whole epoch. */
    public static final String LAST = "last.safetensors";

    static final String CHECKPOINT = "checkpoint.safetensors";
    static final String BEST = "best.safetensors";
    static final String METRICS = "metrics.jsonl";
    private static final String LOCK = "lock";

    /** The training rows, if they do not fit the heap. */
    public static final String TRAIN_ROWS = "train.rows";

    /** The rows to measure by, if they do not fit the heap. */
    public static final String TEST_ROWS = "test.rows";

    /** The names of all files that a run writes. */
    public static final List<String> FILES =
            List.of(CONFIG, CHECKPOINT, LAST, BEST, METRICS, TRAIN_ROWS, TEST_ROWS, LOCK);

    /**
     * The folders that this process has open. A lock is the process's, and whoever closes the file, though it was opened to
     * no avail, gives it away: so they are looked up here first.
     */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final Path real;
    private final FileChannel lock;

    private RunFolder(Path folder, Path real, FileChannel lock) {
        this.folder = folder;
        this.real = real;
        this.lock = lock;
    }

    /**
     * Creates the folder if it is missing, and takes the lock.
     *
     * @param folder the folder
     * @return the folder, to be closed
     * @throws LanewiseException if it cannot be created or written to (73), or another run has the lock (75)
     */
    public static RunFolder open(Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (FileAlreadyExistsException e) {
            throw new LanewiseException(CANNOT_CREATE, "not a folder").in(folder);
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(folder);
        }
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.exists(file, NOFOLLOW_LINKS) && !Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                throw new LanewiseException(CANNOT_CREATE, "not a regular file").in(file);
            }
        }
        RunFolder run = locked(folder);
        try {
            AtomicFile.checkWritable(run.file(CHECKPOINT));
            return run;
        } catch (Throwable t) {
            run.close();
            throw t;
        }
    }

    private static RunFolder locked(Path folder) {
        try {
            Path real = folder.toRealPath();
            if (!OPEN.add(real)) {
                throw new LanewiseException(
                                LOCKED,
                                "locked by pid " + ProcessHandle.current().pid())
                        .in(folder);
            }
            try {
                return new RunFolder(folder, real, lock(folder));
            } catch (Throwable t) {
                OPEN.remove(real);
                throw t;
            }
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(folder);
        }
    }

    /**
     * Names a file of the folder.
     *
     * @param name one of {@link #FILES}
     * @return where it is
     */
    public Path file(String name) {
        return folder.resolve(name);
    }

    void requireOpen() {
        if (!lock.isOpen()) {
            throw new IllegalStateException("the folder of the run is closed: " + folder);
        }
    }

    /**
     * Whether a run has been here.
     *
     * @return true if there is a checkpoint, or what the command line makes a run from
     */
    public boolean holdsRun() {
        return Files.exists(file(CHECKPOINT)) || Files.exists(file(CONFIG));
    }

    /**
     * What keeps a training in the folder. When the training begins it goes to where the checkpoint says, if there is one;
     * from then on a checkpoint is written at intervals of a second or more, so that no more than a twentieth of the time
     * goes into it, and at the end. The caller sees to it that a run goes on with the test rows that it began with:
     * the provenance is that of the training rows alone.
     *
     * @param provenance the provenance of the model
     * @return a listener for one training, which throws {@link LanewiseException} if the checkpoint is damaged, newer than
     *     this program, of another model, of other training rows or another recipe (65), if the training is to be saved and
     *     has diverged (70), or if a file cannot be created or written (73, 74), and {@link IllegalStateException} if the
     *     folder is closed, or it is told of a step but has not been of the start
     */
    public TrainingListener listener(Provenance provenance) {
        return new RunKeeper(this, provenance, RunKeeper.PAUSE_NANOS, RunKeeper.REST);
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        if (!lock.isOpen()) {
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            // The lock goes with the process.
        }
        OPEN.remove(real);
    }

    /** The lock is the operating system's, so it goes with its owner; the file says who that is, and stays. */
    private static FileChannel lock(Path folder) {
        Path file = folder.resolve(LOCK);
        try {
            FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE, NOFOLLOW_LINKS);
            try {
                if (!take(channel)) {
                    throw new LanewiseException(LOCKED, "locked by " + owner(channel)).in(folder);
                }
                byte[] self = Long.toString(ProcessHandle.current().pid()).getBytes(US_ASCII);
                channel.truncate(0).write(ByteBuffer.wrap(self));
                return channel;
            } catch (Throwable t) {
                channel.close();
                throw t;
            }
        } catch (IOException e) {
            throw new LanewiseException(CANNOT_CREATE, e).in(file);
        }
    }

    private static boolean take(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // This process has it.
        }
    }

    private static String owner(FileChannel channel) {
        try {
            ByteBuffer pid = ByteBuffer.allocate(Long.BYTES * 3);
            channel.read(pid, 0);
            return "pid " + Long.parseLong(new String(pid.array(), 0, pid.position(), US_ASCII));
        } catch (IOException | NumberFormatException e) {
            // It has not written its id yet, or the file is not to be read while it is locked.
            return "another run";
        }
    }
}
