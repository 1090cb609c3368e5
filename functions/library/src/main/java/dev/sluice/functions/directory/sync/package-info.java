/**
 * Directories that are asked: a connector reads one in pages ({@link dev.sluice.functions.directory.sync.DirectoryConnector}),
 * what it reads is staged, and once all of it is there it is held against what there is
 * ({@link dev.sluice.functions.directory.sync.Reconciliation}). What a directory says is done; what it does not mention any
 * more is done unless it is so much that it may be a mistake.
 */
@NullMarked
package dev.sluice.functions.directory.sync;

import org.jspecify.annotations.NullMarked;
