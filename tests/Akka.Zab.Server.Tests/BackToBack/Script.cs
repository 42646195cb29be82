using System.Text;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>
/// A random run of steps: the same for the same seed, and made before the first of them is run, so that any part of it
/// can be run by itself. Few names make for many collisions.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="pair">What the servers are set to.</param>
internal sealed partial class Script(int seed, PairSettings pair)
{
    public const int Sessions = 5;

    readonly Random _random = new(seed);
    bool _inMulti;
    int _expiries;

    /// <summary>Steps with about so many operations.</summary>
    public List<Step> Steps(int operations)
    {
        var steps = new List<Step>();
        for (var made = 0; made < operations; made++)
        {
            var session = _random.Next(Sessions);
            switch (_random.Next(1000))
            {
                case < 10:
                    steps.Add(new Reconnect(
                        session, Timeout(), !Chance(5), Chance(70) ? Catching(session, Chance(80)) : null));
                    break;
                // The close of a local session is no change, and only one that was upgraded is one of the ensemble's.
                case < 18 when !pair.LocalSessions:
                    steps.Add(new Reopen(session, Timeout()));
                    break;
                case < 22:
                    steps.Add(new BadHandshake(session, (BadHandshakeKind)_random.Next(4)));
                    break;
                case < 34:
                    steps.Add(new Burst(session, [Alone()]));
                    break;
                case < 38:
                    steps.Add(new Burst(0, [Limiting()]));
                    break;
                case < 100:
                    steps.Add(new Burst(session, [Limited()]));
                    break;
                case < 150 when pair.Acts:
                    steps.Add(Chance(50) ? Expiring(1 + _random.Next(Sessions - 1)) : Reaping(session));
                    made += 20;
                    break;
                default:
                    var burst = Enumerable.Range(0, Chance(50) ? 1 : _random.Next(2, 13)).Select(_ => Any(session)).ToList();
                    // While a setACL is under way, ZooKeeper still judges by the ACL before it.
                    if (burst.FindIndex(each => each.Code == Op.SetAcl) is var last and >= 0) burst = burst[..(last + 1)];
                    // It waits for a quorum, and an event of what follows it may overtake its answer.
                    // A follower of ZooKeeper's may never answer it.
                    else if (Chance(4) && pair.Servers == 1) burst.Add(Syncing());
                    else if (Chance(4)) burst.AddRange(RemovingOneKind(session));
                    made += burst.Count - 1;
                    steps.Add(new Burst(session, burst));
                    break;
            }
        }
        if (pair.Servers > 1) steps.AddRange(Reconfigurations());
        return steps;
    }

    bool Chance(int percent) => _random.Next(100) < percent;

    T OneOf<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    int Timeout() => OneOf<int>(
        pair.Acts ? [600_000, 100_000, int.MaxValue] : [600_000, 600_000, 1, 0, -5, 100_000, int.MaxValue]);

    /// <summary>
    /// Takes back one kind of persistent watch, which ZooKeeper 3.8 cannot, and leaves it again, so that both have it.
    /// </summary>
    IEnumerable<Operation> RemovingOneKind(int session)
    {
        var path = Ordinary();
        var type = 4 + _random.Next(2);
        yield return new Operation(
            Chance(70) ? Op.RemoveWatches : Op.CheckWatches, body => body.Path(path).Int("type", type));
        if (WatchKind(session, path) is var kind and > 0)
            yield return new Operation(Op.AddWatch, body => body.Path(path).Int("mode", kind - 1));
    }

    string? Path()
    {
        // The configuration of an ensemble names its ports.
        if (Chance(4)) return OneOf(_oddPaths) is var odd && (pair.Servers == 1 || odd != "!/zookeeper/config") ? odd : ".";
        if (Chance(8)) return $"${_random.Next(64)}";
        return Ordinary();
    }

    /// <summary>ZooKeeper does not survive a quota that it cannot parse, so nobody writes there at random.</summary>
    string? PathToWrite()
    {
        var path = Path();
        return path is ['%', ..] ? Ordinary() : path;
    }

    string Ordinary()
    {
        var path = "/" + OneOf(_names);
        if (Chance(55)) path += "/" + OneOf(_names);
        if (Chance(25)) path += "/" + OneOf(_names);
        return path;
    }

    int Version() => Chance(70) ? -1 : OneOf([0, 0, 0, 1, 1, 2, 3, -2, int.MinValue, 7]);

    byte[]? Data()
    {
        if (Chance(8)) return null;
        var data = new byte[Chance(2) ? _random.Next(20_000) : _random.Next(40)];
        _random.NextBytes(data);
        return data;
    }

    /// <summary>
    /// Everybody may read what is below /b. Elsewhere nobody but the superuser asks with exists for a watch: ZooKeeper
    /// 3.8 gives it to those who may not read the znode, too.
    /// </summary>
    static bool EverybodyReads(string? path) => path is ['/', 'b', ..];

    IReadOnlyList<(int, string?, string?)>? Acl(string? path)
    {
        var acl = AnyAcl();
        return acl is { Count: > 0 } && EverybodyReads(path) ? [.. acl, _aclEntries[1]] : acl;
    }

    IReadOnlyList<(int, string?, string?)>? AnyAcl()
    {
        if (Chance(70)) return [_aclEntries[0]];
        if (pair.Acts && Chance(30)) return [OneOf(_certificateEntries)];
        if (Chance(3)) return null;
        if (Chance(3)) return [];
        var acl = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => OneOf(_aclEntries)).ToList();
        if (Chance(10)) acl.Insert(_random.Next(acl.Count + 1), OneOf(_badAclEntries));
        return acl;
    }

    /// <summary>
    /// In ZooKeeper 3.8 a path has one kind of watch for each connection, the last that was asked for; so a session
    /// asks for one kind only of each path.
    /// </summary>
    static int WatchKind(int session, string? path)
    {
        if (path is null || path[0] is '!' or '$' or '%') return 0;
        var hash = session + 1;
        foreach (var c in path) hash = (hash * 31) + c;
        return (hash & int.MaxValue) % 3;
    }

    bool Watch(int session, string? path) => WatchKind(session, path) == 0 && path != "!" && Chance(50);

    /// <summary>
    /// What is not sent together with others: it closes the connection, or overtakes what stands before it.
    /// </summary>
    Operation Alone() => _random.Next(8) switch
    {
        0 => new Operation(Op.Nonsense, _ => { }, Closes: true),
        1 => Side.Authentication("foo", "x", closes: true),
        2 => Side.Authentication("world", "anyone", closes: true),
        3 => Side.Authentication("digest", "alice:pw2"),
        4 => Side.Authentication("digest", "bob:pw"),
        5 => Side.Authentication("digest", "nocolon"),
        6 => Side.Authentication("ip", "127.0.0.1"),
        _ => Side.Authentication("digest", ""),
    };

    Operation Any(int session)
    {
        var operation = _random.Next(100) switch
        {
            < 17 => Creation(),
            < 33 => Deletion(),
            < 42 => Setting(),
            < 45 => SettingAcl(),
            < 52 => MultiOf(),
            < 55 => MultiReadOf(),
            < 57 => Catching(session, Chance(50)),
            < 63 => Watching(session),
            < 67 => AboutWatches(session),
            _ => Reading(session),
        };
        if (!Chance(1)) return operation;
        return operation with { Keep = _random.Next(40) };
    }

    Operation Creation()
    {
        var path = PathToWrite();
        var data = Data();
        var acl = Acl(path);
        // Where servers delete such znodes, only those are made that are waited for.
        switch (pair.Acts ? 2 : _random.Next(12))
        {
            case 0:
                var ttl = OneOf([1_000_000_000L, 1L << 39, (1L << 40) - 1, 1L << 40, 0, -1]);
                var withTtl = Chance(60) ? 5 : 6;
                return new Operation(Op.CreateTtl, body => body.Path(path).Data(data).Acl(acl).Int("mode", withTtl)
                    .Long("ttl", ttl));
            case 1:
                return new Operation(Op.CreateContainer, body => body.Path(path).Data(data).Acl(acl).Int("mode", 4));
            default:
                var mode = OneOf<int>(_inMulti ? [0, 0, 0, 1, 1, 3] : [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 3]);
                if (Chance(3)) mode = OneOf([7, -1]);
                return new Operation(Chance(70) ? Op.Create : Op.Create2,
                    body => body.Path(path).Data(data).Acl(acl).Int("mode", mode));
        }
    }

    /// <summary>
    /// Something that the quota of /q may forbid; one at a time, since ZooKeeper counts only what it has applied.
    /// </summary>
    Operation Limited()
    {
        var path = OneOf<string>(["/q", "/q/a", "/q/b", "/q/c", "/q/a/a", "/q/a/b", "/q/b/c"]);
        var data = Data();
        var mode = Chance(30) ? 1 : 0;
        return _random.Next(8) switch
        {
            < 3 => new Operation(Op.Create, body => body.Path(path).Data(data).Acl([_aclEntries[0]]).Int("mode", mode)),
            < 6 => new Operation(Op.SetData, body => body.Path(path).Data(data).Int("version", -1)),
            6 => new Operation(Op.Delete, body => body.Path(path).Int("version", -1)),
            _ => ReadingOf(Op.GetData, "%/q/zookeeper_stats", false),
        };
    }

    /// <summary>The quota of /q changes.</summary>
    Operation Limiting()
    {
        var limits = Encoding.ASCII.GetBytes(OneOf(_limits));
        return new Operation(Op.SetData, body => body.Path("%/q/zookeeper_limits").Data(limits).Int("version", -1));
    }

    Operation Deletion()
    {
        var path = PathToWrite();
        var version = Chance(50) ? -1 : Version();
        return new Operation(Op.Delete, body => body.Path(path).Int("version", version));
    }

    Operation Setting()
    {
        var path = PathToWrite();
        // What the root has outlives the run; the configuration is what a reconfig makes it, here also for the superuser.
        if (path is "!/" or "!/zookeeper/config") path = ".";
        var data = Data();
        var version = Version();
        return new Operation(Op.SetData, body => body.Path(path).Data(data).Int("version", version));
    }

    Operation SettingAcl()
    {
        var path = Ordinary();
        var acl = Acl(path);
        var version = Version();
        return new Operation(Op.SetAcl, body => body.Path(path).Acl(acl).Int("version", version));
    }

    Operation Checking()
    {
        var path = Path();
        var version = Version();
        return new Operation(Op.Check, body => body.Path(path).Int("version", version));
    }

    Operation MultiOf()
    {
        _inMulti = true;
        var parts = Enumerable.Range(0, _random.Next(6)).Select(_ => _random.Next(100) switch
        {
            < 40 => Creation(),
            < 60 => Deletion(),
            < 78 => Setting(),
            < 98 => Checking(),
            _ => OneOf([Reading(0), SettingAcl()]),
        }).ToList();
        _inMulti = false;
        return Together(Op.Multi, parts);
    }

    Operation MultiReadOf() => Together(Op.MultiRead, [.. Enumerable.Range(0, _random.Next(5)).Select(_ => _random.Next(30) switch
    {
        < 15 => ReadingOf(Op.GetData, Path(), false),
        < 29 => ReadingOf(Op.GetChildren, Path(), false),
        _ => OneOf([ReadingOf(Op.Exists, Path(), false), Deletion()]),
    })]);

    static Operation Together(Op code, IReadOnlyList<Operation> parts) => new(code, body =>
    {
        foreach (var part in parts) part.Write(body.Part(part.Code));
        body.EndOfParts();
    });

    Operation Syncing()
    {
        var path = Path();
        return new Operation(Op.Sync, body => body.Path(path));
    }

    Operation Reading(int session)
    {
        var path = Path();
        switch (_random.Next(40))
        {
            case < 2:
                return new Operation(Op.Ping, _ => { });
            case 2:
                return new Operation(Op.WhoAmI, _ => { });
            case < 5:
                return new Operation(Op.GetEphemerals, body => body.Path(path));
            case < 7:
                if (path == "!/") path = "."; // other runs may have ended in the middle
                return new Operation(Op.GetAllChildrenNumber, body => body.Path(path));
            case < 12:
                return new Operation(Op.GetAcl, body => body.Path(path));
            default:
                var code = OneOf([Op.Exists, Op.GetData, Op.GetData, Op.GetChildren, Op.GetChildren2]);
                return ReadingOf(
                    code, path, Watch(session, path) && (code != Op.Exists || session == 0 || EverybodyReads(path)));
        }
    }

    static Operation ReadingOf(Op code, string? path, bool watch)
        => new(code, body => body.Path(path).Flag("watch", watch));

    Operation Watching(int session)
    {
        string path;
        int kind;
        do
        {
            path = Ordinary();
            kind = WatchKind(session, path);
        } while (kind == 0);
        var mode = Chance(2) ? OneOf([2, -1]) : kind - 1;
        return new Operation(Op.AddWatch, body => body.Path(path).Int("mode", mode));
    }

    Operation AboutWatches(int session)
    {
        var path = Ordinary();
        var type = WatchKind(session, path) == 0 ? _random.Next(1, 4) : 3;
        if (Chance(2)) type = OneOf([0, -1, 9]);
        return new Operation(
            Chance(60) ? Op.RemoveWatches : Op.CheckWatches, body => body.Path(path).Int("type", type));
    }

    /// <summary>setWatches or setWatches2, of what a client may have watched before.</summary>
    Operation Catching(int session, bool second)
    {
        var before = _random.Next(40);
        var lists = Enumerable.Range(0, 5).Select(list => Enumerable.Range(0, _random.Next(5)).Select(_ => Ordinary())
            .Where(path => WatchKind(session, path) == (list < 3 ? 0 : list - 2)).Distinct().ToList()).ToList();
        return new Operation(second ? Op.SetWatches2 : Op.SetWatches, body =>
        {
            body.ZxidBefore("since", before).Paths("data", lists[0]).Paths("exist", lists[1]).Paths("child", lists[2]);
            if (second) body.Paths("persistent", lists[3]).Paths("recursive", lists[4]);
        });
    }
}
