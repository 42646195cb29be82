using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>What a watch would have told while nobody listened: an extension.</summary>
public class ChangeLogTests
{
    private static readonly Dictionary<string, IReadOnlyList<Acl>> None = [];
    private static readonly string[] Paths = ["/a", "/a/b", "/a/b/c", "/ab", "/a/d"];

    /// <summary>ZOOKEEPER-PROTOCOL.md, section 8: the same events, in the same order, as a watch that was there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_is_read_late_is_what_a_watch_would_have_told(int seed)
    {
        var random = new Random(seed);
        foreach (var mode in Enum.GetValues<AddWatchMode>())
        {
            foreach (var path in (string[])["/", .. Paths])
            {
                var log = new ChangeLog();
                var table = new WatchTable();
                var told = new List<WatchEvent>();
                var kind = mode == AddWatchMode.Persistent ? WatchKind.Persistent : WatchKind.Recursive;
                table.Add(kind, path, 1);
                for (var zxid = 1; zxid <= 200; zxid++)
                {
                    var txn = new LoggedTxn(new TxnHeader(zxid, 0, 1, 1), Any(random, depth: 0));
                    var fired = new List<FiredWatch>();
                    table.Fire(txn, fired);
                    if (zxid > 100)
                        told.AddRange(fired.Select(f => f.Event));
                    log.Add(txn, None);
                }

                var past = new List<PastEvent>();
                Assert.True(log.TryRead(100, path, mode, past));
                Assert.Equal(told, past.Select(p => p.Event));
            }
        }
    }

    private static Txn Any(Random random, int depth)
    {
        var path = Paths[random.Next(Paths.Length)];
        return random.Next(depth == 0 ? 5 : 3) switch
        {
            0 => new CreateTxn(path, null, Acl.Open, 0, 1),
            1 => new DeleteTxn(path),
            2 => new SetDataTxn(path, null, 1),
            3 => new CloseSessionTxn([Paths[1], Paths[3]]),
            _ => new MultiTxn([Any(random, 1), Any(random, 1), CheckTxn.Instance]),
        };
    }

    [Fact]
    public void What_is_too_long_ago_is_not_known_rather_than_half_known()
    {
        var log = new ChangeLog(capacity: 64);
        log.Reset(10);
        Assert.False(log.TryRead(9, "/", AddWatchMode.PersistentRecursive, []));
        Assert.True(log.TryRead(10, "/", AddWatchMode.PersistentRecursive, []));
        for (var zxid = 11; zxid <= 30; zxid++)
        {
            var parts = Enumerable.Range(0, 5).Select(Txn (i) => new SetDataTxn($"/{i}", null, 1)).ToArray();
            log.Add(new LoggedTxn(new TxnHeader(zxid, 0, 1, 1), new MultiTxn(parts)), None);
        }

        for (var since = 10; since <= 30; since++)
        {
            var past = new List<PastEvent>();
            if (log.TryRead(since, "/", AddWatchMode.PersistentRecursive, past))
                Assert.Equal((30 - since) * 5, past.Count);
            else
                Assert.True(since < 30 - (64 / 5) + 1);
        }

        Assert.True(log.TryRead(20, "/", AddWatchMode.PersistentRecursive, []));
    }

    [Fact]
    public void A_znode_that_is_gone_is_known_by_the_ACL_that_it_had_at_its_end()
    {
        var log = new ChangeLog();
        Acl[] bobs = [new(Permissions.Read, "digest", "bob:x")];
        log.Add(new LoggedTxn(new TxnHeader(1, 0, 1, 1), new CreateTxn("/a", null, bobs, 0, 1)), None);
        log.Add(
            new LoggedTxn(new TxnHeader(2, 0, 1, 1), new DeleteTxn("/a")),
            new Dictionary<string, IReadOnlyList<Acl>> { ["/a"] = bobs });
        log.Add(new LoggedTxn(new TxnHeader(3, 0, 1, 1), new CreateTxn("/a", null, Acl.Open, 0, 1)), None);
        var past = new List<PastEvent>();
        Assert.True(log.TryRead(0, "/a", AddWatchMode.Persistent, past));
        Assert.Equal([(true, bobs), (true, bobs), (false, null)], past.Select(p => (p.IsGone, (Acl[]?)p.Acl)));
    }
}
