namespace Akka.Zab.Tree;

/// <summary>
/// The unit of history: transactions with consecutive zxids of one epoch, encoded once by the leader that proposed
/// them, and journalled, sent and replayed as these bytes.
/// </summary>
/// <param name="FirstZxid">Zxid of the first transaction.</param>
/// <param name="LastZxid">Zxid of the last transaction.</param>
/// <param name="Bytes">The encoded transactions with their checksum. Never changed.</param>
internal sealed record TxnBatch(long FirstZxid, long LastZxid, byte[] Bytes)
{
    /// <summary>How many transactions there are.</summary>
    public int Count => (int)(LastZxid - FirstZxid) + 1;
}
