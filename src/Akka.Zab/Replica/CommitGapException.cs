namespace Akka.Zab.Replica;

/// <summary>
/// A transaction is missing between what is applied and what is to be committed: the server must not go on.
/// </summary>
internal sealed class CommitGapException(long lastApplied, long next) : Exception(
    $"Transaction 0x{next:x} is to be committed, but the last that was applied is 0x{lastApplied:x}: there is a gap. " +
    "This server stops rather than serve a wrong tree.");
