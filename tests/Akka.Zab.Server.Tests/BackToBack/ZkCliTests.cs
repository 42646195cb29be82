using System.Text.RegularExpressions;

namespace Akka.Zab.Server.Tests.BackToBack;

/// <summary>Every command of ZooKeeper's shell prints the same of a real ZooKeeper and of ours.</summary>
[Collection("processes")]
public partial class ZkCliTests
{
    const string ZkCli = "/usr/share/zookeeper/bin/zkCli.sh";

    const string Commands = """
        version
        create /z first
        create /z again
        create -e /z/e ephemeral
        create -s /z/s- sequential
        create -e -s /z/es-
        create -c /z/box
        create -t 600000 /z/ttl brief
        create -s -t 600000 /z/ttl-
        create /z/acl data world:anyone:r
        create /z/e/child
        create /none/child
        create /z/
        create /z//x
        create /z/./x
        create -t 0 /z/zero
        create /zookeeper
        get /z
        get -s /z
        get -w /z
        get /none
        set /z second
        set -s /z third
        set -v 9 /z no
        set -v 2 /z fourth
        set /none no
        set /z/acl no
        stat /z
        stat /z/e
        stat /z/ttl
        stat -w /z
        stat /none
        ls /z
        ls -s /z
        ls -w /z
        ls -R /z
        ls /none
        ls /zookeeper
        ls2 /z
        delete -v 7 /z/box
        delete /z
        delete /none
        delete /zookeeper/quota
        sync /z
        sync /none
        getAcl /z
        getAcl -s /z/acl
        getAcl /none
        setAcl /z world:anyone:cdrwa
        setAcl -v 9 /z world:anyone:cdrwa
        setAcl /z auth::cdrwa
        setAcl /z digest:nocolon:r
        addauth digest bob:pw
        whoami
        addauth digest alice:pw
        whoami
        setAcl -s /z auth::cdrwa
        getAcl -s /z
        setAcl -R /z/box ip:127.0.0.1:cdrwa
        getAcl /z/box
        getAllChildrenNumber /z
        getAllChildrenNumber /none
        getEphemerals /z
        getEphemerals
        getEphemerals /none
        addWatch /z/w
        addWatch -m PERSISTENT /z/p
        create /z/w
        create /z/w/deep
        set /z/w/deep 1
        create /z/p
        create /z/p/c
        delete /z/w/deep
        removewatches /z/w -a
        removewatches /z/p -d
        removewatches /z/none -c
        setquota -n 3 /z/p
        setquota -b 100 /z/p
        setquota -N 4 /z/p
        setquota -B 200 /z/p
        listquota /z/p
        listquota /z/w
        get /zookeeper/quota/z/p/zookeeper_limits
        get /zookeeper/quota/z/p/zookeeper_stats
        setquota -n 5 /z
        create /z/p/d
        create /z/p/f
        create /z/p/g
        listquota /z/p
        delquota -N /z/p
        delquota -B /z/p
        listquota /z/p
        delquota /z/p
        listquota /z/p
        config
        printwatches
        printwatches off
        printwatches on
        history
        redo 0
        nonsense
        close
        ls /
        connect
        ls /
        ls /z
        deleteall /z -b 3
        deleteall /none
        ls /
        reconfig -remove 3
        quit

        """;

    [ToolFact(ZkCli, ReferenceServer.Java, ReferenceServer.Jar)]
    public async Task Every_command_of_the_shell_prints_what_it_prints_of_ZooKeeper()
    {
        using var zooKeeper = new ReferenceServer();
        await using var zab = new OurServer();
        await zooKeeper.StartedAsync();
        var expected = await LinesAsync(zooKeeper.Port);
        var actual = await LinesAsync(await zab.StartedAsync());
        Assert.Contains("Created /z/s-#", expected);
        Assert.True(
            expected.SequenceEqual(actual),
            $"""
            Only ZooKeeper:
            {string.Join('\n', Beyond(expected, actual))}
            Only ours:
            {string.Join('\n', Beyond(actual, expected))}
            """);
    }

    /// <summary>
    /// What it prints, without what differs from one run to the next, and sorted: watches print when they like.
    /// </summary>
    static async Task<List<string>> LinesAsync(int port)
    {
        var commands = Commands.Replace("connect\n", $"connect 127.0.0.1:{port}\n", StringComparison.Ordinal);
        var (_, output) = await ClientToursTests.RunAsync(ZkCli, commands, "-server", $"127.0.0.1:{port}");
        return [.. output.Split('\n').Select(line => Varying().Replace(line, "#").TrimEnd()).Order(StringComparer.Ordinal)];
    }

    static IEnumerable<string> Beyond(List<string> lines, List<string> others)
    {
        var rest = others.ToList();
        return lines.Where(line => !rest.Remove(line));
    }

    [GeneratedRegex(@"0x[0-9a-f]+|127\.0\.0\.1:\d+|(?<=^[cm]time = ).*|\d{10}")]
    private static partial Regex Varying();
}
