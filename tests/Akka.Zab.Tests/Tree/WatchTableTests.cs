using Akka.Zab.Client;
using Akka.Zab.Tree;
using FsCheck.Fluent;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 8: which operation fires which one-shot watch, and in which order.</summary>
public class WatchTableTests
{
    private readonly WatchTable table = new();

    public static TheoryData<string, string, string, string> Rows => new()
    {
        // operation on /p/n; watch; its path; what it tells
        { "create", "Data", "/p/n", "NodeCreated /p/n" },
        { "create", "Children", "/p/n", "" },
        { "create", "Children", "/p", "NodeChildrenChanged /p" },
        { "create", "Data", "/p", "" },
        { "set", "Data", "/p/n", "NodeDataChanged /p/n" },
        { "set", "Children", "/p/n", "" },
        { "set", "Children", "/p", "" },
        { "set", "Data", "/p", "" },
        { "delete", "Data", "/p/n", "NodeDeleted /p/n" },
        { "delete", "Children", "/p/n", "NodeDeleted /p/n" },
        { "delete", "Children", "/p", "NodeChildrenChanged /p" },
        { "delete", "Data", "/p", "" },
        { "close", "Data", "/p/n", "NodeDeleted /p/n" },
        { "close", "Children", "/p", "NodeChildrenChanged /p" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_watch_tells_once_what_happened(string operation, string kind, string path, string expected)
    {
        table.Add(Enum.Parse<WatchKind>(kind), path, 1);
        Assert.Equal(expected, string.Join(", ", Fire(Operation(operation, "/p/n"))).Replace("1 ", ""));
        Assert.Equal(expected == "" ? 1 : 0, table.Count);
        Assert.Empty(expected == "" ? [] : Fire(Operation(operation, "/p/n")));
    }

    // The last two columns of the table in section 8.
    [Theory]
    [InlineData("create", "Persistent", "/p/n", "NodeCreated /p/n")]
    [InlineData("create", "Persistent", "/p", "NodeChildrenChanged /p")]
    [InlineData("create", "Recursive", "/p/n", "NodeCreated /p/n")]
    [InlineData("create", "Recursive", "/p", "NodeCreated /p/n")]
    [InlineData("create", "Recursive", "/", "NodeCreated /p/n")]
    [InlineData("create", "Recursive", "/other", "")]
    [InlineData("create", "Recursive", "/p/n/c", "")]
    [InlineData("set", "Persistent", "/p/n", "NodeDataChanged /p/n")]
    [InlineData("set", "Persistent", "/p", "")]
    [InlineData("set", "Recursive", "/", "NodeDataChanged /p/n")]
    [InlineData("delete", "Persistent", "/p/n", "NodeDeleted /p/n")]
    [InlineData("delete", "Persistent", "/p", "NodeChildrenChanged /p")]
    [InlineData("delete", "Recursive", "/p", "NodeDeleted /p/n")]
    [InlineData("close", "Recursive", "/p/n", "NodeDeleted /p/n")]
    [InlineData("acl", "Persistent, Recursive, Data, Children", "/p/n", "")]
    public void A_watch_that_stays_tells_again_and_again(string operation, string kind, string path, string expected)
    {
        table.Add(Enum.Parse<WatchKind>(kind), path, 1);
        for (var i = 0; i < 3; i++)
            Assert.Equal(expected, string.Join(", ", Fire(Operation(operation, "/p/n"))).Replace("1 ", ""));
        table.Remove(1);
        Assert.Empty(Fire(Operation(operation, "/p/n")));
        Assert.Equal((0L, 0, 0), (table.Count, table.PathCount, table.WatcherCount));
    }

    [Fact]
    public void However_many_watches_a_connection_has_it_is_told_once_and_only_the_one_shot_ones_go()
    {
        table.Add(WatchKind.All, "/p/n", 1);
        table.Add(WatchKind.All, "/p", 1);
        table.Add(WatchKind.Recursive, "/", 1);
        table.Add(WatchKind.Recursive, "/", 2);
        Assert.Equal(
            ["1 NodeDeleted /p/n", "2 NodeDeleted /p/n", "1 NodeChildrenChanged /p"], Fire(Operation("delete", "/p/n")));
        Assert.False(table.Has(WatchKind.Data | WatchKind.Children, "/p/n", 1));
        Assert.True(table.Has(WatchKind.Data, "/p", 1));
        Assert.False(table.Has(WatchKind.Children, "/p", 1));
        Assert.True(table.Has(WatchKind.Persistent, "/p/n", 1) && table.Has(WatchKind.Recursive, "/p/n", 1));
        Assert.Equal(7, table.Count);
    }

    [Fact]
    public void One_kind_of_watch_is_taken_back_without_the_others()
    {
        table.Add(WatchKind.All, "/a", 1);
        Assert.True(table.Remove(WatchKind.Persistent, "/a", 1));
        Assert.False(table.Remove(WatchKind.Persistent, "/a", 1));
        Assert.True(table.Remove(WatchKind.Recursive, "/a", 1));
        Assert.DoesNotContain(Fire(Operation("create", "/a/b")), told => told.Contains("/a/b", StringComparison.Ordinal));
        Assert.True(table.Remove(WatchKind.All, "/a", 1));
        Assert.Equal((0L, 0, 0), (table.Count, table.PathCount, table.WatcherCount));
    }

    [Fact]
    public void The_znodes_own_event_comes_before_its_parents_and_a_deletion_is_told_once()
    {
        table.Add(WatchKind.Children, "/p", 1);
        table.Add(WatchKind.Data, "/p/n", 2);
        table.Add(WatchKind.Children, "/p/n", 2);
        table.Add(WatchKind.Data, "/p/n", 1);
        Assert.Equal(
            ["2 NodeDeleted /p/n", "1 NodeDeleted /p/n", "1 NodeChildrenChanged /p"], Fire(new DeleteTxn("/p/n")));
        Assert.Equal((0L, 0, 0), (table.Count, table.PathCount, table.WatcherCount));
    }

    [Fact]
    public void The_parts_of_a_multi_fire_in_turn_with_one_zxid()
    {
        table.Add(WatchKind.Data, "/a", 1);
        table.Add(WatchKind.Data, "/b", 1);
        table.Add(WatchKind.Children, "/", 1);
        var fired = new List<FiredWatch>();
        var multi = new MultiTxn([Operation("create", "/b"), Operation("set", "/a"), Operation("set", "/b")]);
        table.Fire(new LoggedTxn(new TxnHeader(77, 0, 0, 0), multi), fired);
        Assert.Equal(
            [
                new WatchEvent(WatchEventType.NodeCreated, "/b", 77),
                new WatchEvent(WatchEventType.NodeChildrenChanged, "/", 77),
                new WatchEvent(WatchEventType.NodeDataChanged, "/a", 77),
            ],
            fired.Select(f => f.Event));
    }

    [Fact]
    public void The_end_of_a_session_fires_for_each_of_its_ephemerals()
    {
        foreach (var path in new[] { "/p", "/q" })
            table.Add(WatchKind.Children, path, 1);
        table.Add(WatchKind.Data, "/p/b", 1);
        Assert.Equal(
            ["1 NodeChildrenChanged /p", "1 NodeDeleted /p/b", "1 NodeChildrenChanged /q"],
            Fire(new CloseSessionTxn(["/p/a", "/p/b", "/q/c"])));
    }

    [Fact]
    public void A_hundred_thousand_watches_on_one_path_and_of_one_connection_are_dropped_one_by_one()
    {
        const int Many = 100_000;
        for (var i = 0; i < Many; i++)
        {
            table.Add(WatchKind.Data, "/one", i);
            table.Add(WatchKind.Data, "/path" + i, -1);
            table.Add(WatchKind.Data, "/one", i);
        }

        Assert.Equal((2L * Many, Many + 1, Many + 1), (table.Count, table.PathCount, table.WatcherCount));
        for (var i = 0; i < Many; i += 2)
            table.Remove(i);
        for (var i = 1; i < Many; i += 2)
            Assert.True(table.Remove(WatchKind.Data, "/path" + i, -1));
        Assert.Equal(Many / 2, Fire(new SetDataTxn("/one", null, 1)).Count);
        table.Remove(-1);
        Assert.Equal((0L, 0, 0), (table.Count, table.PathCount, table.WatcherCount));
    }

    /// <summary>What src/README.md says that a watch costs, with some room; what is allocated counts, garbage too.</summary>
    [Fact]
    public void A_hundred_thousand_watches_take_some_ten_megabytes_and_fire_each_once()
    {
        const int Many = 100_000;
        var paths = Enumerable.Range(0, Many).Select(i => $"/services/service-{i:D6}").ToArray();
        Assert.InRange(Allocated(() => AddAll(i => table.Add(WatchKind.Data, "/one", i + 1))), 1, 500 * Many);
        Assert.InRange(Allocated(() => AddAll(i => table.Add(WatchKind.Data, paths[i], -1))), 1, 500 * Many);

        Assert.Equal(Many, Fire(new SetDataTxn("/one", null, 1)).Count);
        Assert.Empty(Fire(new SetDataTxn("/one", null, 2)));
        foreach (var path in paths)
            Assert.Single(Fire(new SetDataTxn(path, null, 1)));
        Assert.Equal((0L, 0, 0), (table.Count, table.PathCount, table.WatcherCount));

        static void AddAll(Action<int> add)
        {
            for (var i = 0; i < Many; i++)
                add(i);
        }

        static long Allocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Random_watches_fire_as_in_a_plain_table() => Generators.Holds(
        Arb.From(
            (from step in Gen.Choose(0, 20)
             from path in Gen.Elements("/", "/p", "/q", "/p/a", "/p/b")
             from watcher in Gen.Choose(1, 6)
             select (step, path, watcher)).ArrayOf(),
            Generators.Shrunk),
        steps =>
        {
            var real = new WatchTable();
            var model = new List<(WatchKind Kind, string Path, long Watcher)>();
            foreach (var (step, path, watcher) in steps)
            {
                var kind = step % 2 == 0 ? WatchKind.Data : WatchKind.Children;
                switch (step)
                {
                    case < 12:
                        real.Add(kind, path, watcher);
                        if (!model.Contains((kind, path, watcher)))
                            model.Add((kind, path, watcher));
                        break;
                    case < 14:
                        Assert.Equal(model.Remove((kind, path, watcher)), real.Remove(kind, path, watcher));
                        break;
                    case < 16:
                        real.Remove(watcher);
                        model.RemoveAll(w => w.Watcher == watcher);
                        break;
                    case < 19 when path != "/":
                        var operation = step switch { 16 => "create", 17 => "set", _ => "delete" };
                        var fired = new List<FiredWatch>();
                        real.Fire(new LoggedTxn(new TxnHeader(1, 0, 0, 0), Operation(operation, path)), fired);
                        Assert.Equal(
                            Expected(model, operation, path).Order(), fired.Select(Text).Order());
                        break;
                }

                Assert.Equal(model.Count, real.Count);
                Assert.Equal(model.Select(w => w.Path).Distinct().Count(), real.PathCount);
                Assert.Equal(model.Select(w => w.Watcher).Distinct().Count(), real.WatcherCount);
            }
        },
        tests: 500);

    private static List<string> Expected(
        List<(WatchKind Kind, string Path, long Watcher)> model, string operation, string path)
    {
        var parent = path.LastIndexOf('/') is var i && i == 0 ? "/" : path[..i];
        var (kinds, type) = operation switch
        {
            "create" => (WatchKind.Data, WatchEventType.NodeCreated),
            "set" => (WatchKind.Data, WatchEventType.NodeDataChanged),
            _ => (WatchKind.Data | WatchKind.Children, WatchEventType.NodeDeleted),
        };
        var events = model.Where(w => w.Path == path && kinds.HasFlag(w.Kind))
            .Select(w => $"{w.Watcher} {type} {path}").Distinct().ToList();
        model.RemoveAll(w => w.Path == path && kinds.HasFlag(w.Kind));
        if (operation != "set")
        {
            events.AddRange(model.Where(w => w.Path == parent && w.Kind == WatchKind.Children)
                .Select(w => $"{w.Watcher} NodeChildrenChanged {parent}"));
            model.RemoveAll(w => w.Path == parent && w.Kind == WatchKind.Children);
        }

        return events;
    }

    private static Txn Operation(string operation, string path) => operation switch
    {
        "create" => new CreateTxn(path, null, Acl.Open, 0, 1),
        "set" => new SetDataTxn(path, null, 1),
        "delete" => new DeleteTxn(path),
        "acl" => new SetAclTxn(path, Acl.Open, 1),
        _ => new CloseSessionTxn([path]),
    };

    private List<string> Fire(Txn body)
    {
        var fired = new List<FiredWatch>();
        table.Fire(new LoggedTxn(new TxnHeader(1, 0, 0, 0), body), fired);
        return [.. fired.Select(Text)];
    }

    private static string Text(FiredWatch fired) => $"{fired.Watcher} {fired.Event.Type} {fired.Event.Path}";
}
