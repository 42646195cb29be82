using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>
/// A tree under change, as a leader would drive it: requests are prepared, and what comes of them is applied.
/// </summary>
internal sealed class Edits
{
    public const long Session = 0x0100_0000_0000_0001;

    private long zxid = 1L << 32;

    public TreeRules Rules { get; init; } = TreeRules.Default;

    public Edits()
    {
        Ask(new OpenSession(Session, [1, 2, 3], 4000));
    }

    public List<string> OverQuota { get; } = [];

    public TreeEdit Edit => edit ??= ZnodeTree.Empty.Edit(overQuota: OverQuota);

    private TreeEdit? edit;

    public List<LoggedTxn> Log { get; } = [];

    public ZnodeTree Tree => Edit.Commit();

    public long Zxid => zxid;

    public static long TimeOf(long zxid) => 1_750_000_000_000 + (zxid & 0xFFFF_FFFF);

    public Reply Ask(WriteRequest request, long session = Session, Identities? who = null)
    {
        if (request is OpenSession open)
            session = open.SessionId;
        var header = new TxnHeader(zxid + 1, TimeOf(zxid + 1), session, Log.Count);
        var prepared = Preparation.Prepare(Edit, request, header, who ?? Identities.None, Rules);
        Assert.True(prepared.Txn is null != prepared.Answer is null);
        if (prepared.Answer is { } answer)
            return answer;
        return Do(prepared.Txn!, session);
    }

    public Reply Do(Txn body, long session = Session)
    {
        zxid++;
        var txn = new LoggedTxn(new TxnHeader(zxid, TimeOf(zxid), session, Log.Count), body);
        Log.Add(txn);
        return Edit.Apply(txn);
    }

    public Reply Create(
        string path, CreateMode mode = CreateMode.Persistent, byte[]? data = null, long session = Session) =>
        Ask(new Create(path, data, Acl.Open, mode), session);

    public string CreateSequential(string path, CreateMode mode = CreateMode.PersistentSequential) =>
        Assert.IsType<CreatedReply>(Create(path, mode)).Path;

    public ZabError Fail(WriteRequest request, long session = Session, Identities? who = null) =>
        Assert.IsType<ErrorReply>(Ask(request, session, who)).Error;

    public Stat StatOf(string path)
    {
        Assert.True(Tree.TryGet(path, out var znode));
        return znode.Stat;
    }
}
