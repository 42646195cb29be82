using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Benchmarks.Parts;

/// <summary>A tree of some size, and writes to it.</summary>
internal sealed class Sample
{
    public const int Folders = 100;
    public const int PerFolder = 1000;
    public const int BatchSize = 64;
    public const long Session = 0x0100_0000_0000_0001;
    public const int ValueBytes = 128;

    private readonly byte[] value = new byte[ValueBytes];
    private readonly string[] paths;
    private int next;
    private int version;

    public Sample()
    {
        var edit = ZnodeTree.Empty.Edit();
        edit.Apply(Next(new OpenSessionTxn([1, 2, 3], 4000)));
        var names = new List<string>();
        for (var folder = 0; folder < Folders; folder++)
        {
            edit.Apply(Next(new CreateTxn($"/folder-{folder}", [], Acl.Open, 0, folder + 2)));
            for (var i = 0; i < PerFolder; i++)
            {
                var path = $"/folder-{folder}/instance-{i}";
                names.Add(path);
                edit.Apply(Next(new CreateTxn(path, new byte[ValueBytes], Acl.Open, 0, i + 1)));
            }
        }

        paths = [.. names];
        Tree = edit.Commit();
    }

    public ZnodeTree Tree { get; }

    public long Zxid { get; private set; } = 1L << 32;

    /// <summary>A path, another each time, and no two neighbours.</summary>
    public string Path() => paths[next = (next + 7919) % paths.Length];

    /// <summary>The next transaction, which sets the data of some znode.</summary>
    public LoggedTxn Write() => Next(new SetDataTxn(Path(), value, ++version));

    private LoggedTxn Next(Txn txn) => new(new TxnHeader(++Zxid, 1_750_000_000_000 + (Zxid & 0xFFFFFFFF), Session, 1), txn);
}
