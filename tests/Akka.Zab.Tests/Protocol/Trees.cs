using Akka.Zab.Client;
using Akka.Zab.Protocol;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Protocol;

/// <summary>Trees and batches of any size.</summary>
internal static class Trees
{
    /// <summary>A tree whose snapshot takes more than so many chunks.</summary>
    public static ZnodeTree Large(long zxid, int chunks)
    {
        var edit = ZnodeTree.Empty.Edit();
        for (var i = 0; i <= chunks; i++)
        {
            edit.Apply(new LoggedTxn(
                new TxnHeader(zxid - chunks + i, 1000, 1, 1),
                new CreateTxn($"/{i}", new byte[i == 0 ? 10 : SnapshotCodec.MaxChunkBytes], Acl.Open, 0, i + 2)));
        }

        return edit.Commit();
    }

    /// <summary>One transaction with so many bytes of data.</summary>
    public static TxnBatch LargeBatch(int epoch, uint counter, int bytes)
    {
        var encoder = new BatchEncoder();
        encoder.Add(new LoggedTxn(
            new TxnHeader(Zxid.Of(epoch, counter), 1000, 1, 1),
            new CreateTxn($"/{counter}", new byte[bytes], Acl.Open, 0, 2)));
        return encoder.Finish();
    }
}
