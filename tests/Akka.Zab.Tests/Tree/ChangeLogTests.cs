using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>What a watch would have told while nobody listened: an extension.</summary>
public class ChangeLogTests
{
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
                var encoder = new BatchEncoder();
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
                    encoder.Add(txn);
                    if (random.Next(4) == 0 || zxid == 200)
                        log.Add(encoder.Finish());
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
        var log = new ChangeLog(capacity: 12);
        log.Reset(10);
        Assert.False(log.TryRead(9, "/", AddWatchMode.PersistentRecursive, []));
        Assert.True(log.TryRead(10, "/", AddWatchMode.PersistentRecursive, []));
        for (var zxid = 11; zxid <= 30; zxid++)
        {
            var parts = Enumerable.Range(0, 5).Select(Txn (i) => new SetDataTxn($"/{i}", null, 1)).ToArray();
            log.Add(Batch(zxid, new MultiTxn(parts)));
        }

        for (var since = 10; since <= 30; since++)
        {
            var past = new List<PastEvent>();
            if (log.TryRead(since, "/", AddWatchMode.PersistentRecursive, past))
                Assert.Equal((30 - since) * 5, past.Count);
            else
                Assert.True(since < 30 - 12);
        }

        Assert.True(log.TryRead(20, "/", AddWatchMode.PersistentRecursive, []));
    }

    [Fact]
    public void A_znode_that_is_gone_is_known_by_the_ACL_that_it_had_at_its_end()
    {
        var log = new ChangeLog();
        Acl[] bobs = [new(Permissions.Read, "digest", "bob:x")];
        log.Add(Batch(1, new CreateTxn("/a", null, bobs, 0, 1)));
        log.Add(Batch(2, new DeleteTxn("/a")));
        log.AddRemoved(2, new Dictionary<string, IReadOnlyList<Acl>> { ["/a"] = bobs });
        log.Add(Batch(3, new CreateTxn("/a", null, Acl.Open, 0, 1)));
        var past = new List<PastEvent>();
        Assert.True(log.TryRead(0, "/a", AddWatchMode.Persistent, past));
        Assert.Equal([(true, bobs), (true, bobs), (false, null)], past.Select(p => (p.IsGone, (Acl[]?)p.Acl)));
    }

    [Fact]
    public void What_is_too_large_is_forgotten_with_the_ACLs_that_belong_to_it()
    {
        var log = new ChangeLog(maxBytes: 4096);
        Acl[] bobs = [new(Permissions.Read, "digest", "bob:x")];
        for (var zxid = 1; zxid <= 9; zxid++)
        {
            log.Add(Batch(zxid, new SetDataTxn("/a", new byte[1000], zxid)));
            log.AddRemoved(zxid, new Dictionary<string, IReadOnlyList<Acl>> { ["/b"] = bobs });
        }

        Assert.Equal(6, log.CompleteSince);
        Assert.False(log.TryRead(5, "/a", AddWatchMode.Persistent, []));
        Assert.True(log.TryRead(6, "/a", AddWatchMode.Persistent, []));
        log.Add(Batch(10, new SetDataTxn("/a", new byte[5000], 10)));
        Assert.Equal(10, log.CompleteSince);
        Assert.True(log.TryRead(10, "/a", AddWatchMode.Persistent, []));
    }

    private static TxnBatch Batch(long zxid, Txn txn)
    {
        var encoder = new BatchEncoder();
        encoder.Add(new LoggedTxn(new TxnHeader(zxid, 0, 1, 1), txn));
        return encoder.Finish();
    }
}
