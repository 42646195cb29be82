namespace Akka.Zab.Server.Tests.Tours;

/// <summary>
/// Clients and recipes made for ZooKeeper, each through sessions, watches, ephemerals, locks and elections, and over to
/// another server when theirs is killed.
/// </summary>
[Collection("processes")]
public class ToursTests(TouredEnsemble toured) : IClassFixture<TouredEnsemble>, IDisposable
{
    const string Java = "/usr/bin/java";
    const string Javac = "/usr/bin/javac";
    const string Jars = "/usr/share/java/";
    const string ZooKeeperJar = Jars + "zookeeper.jar";
    const string LockJar = Jars + "zookeeper-recipes-lock.jar";
    const string ElectionJar = Jars + "zookeeper-recipes-election.jar";
    const string QueueJar = Jars + "zookeeper-recipes-queue.jar";
    const string CuratorJar = Jars + "curator-recipes.jar";
    const string NoLogJar = Jars + "slf4j-nop.jar";

    const string Gcc = "/usr/bin/gcc";
    const string CHeader = "/usr/include/zookeeper/zookeeper.h";

    const string Python = "/usr/bin/python3";
    const string KazooRecipes = "/usr/lib/python3/dist-packages/kazoo/recipe/lock.py";

    const string Node = "/usr/bin/node";
    const string Npm = "/usr/bin/npm";
    const string NodeClient = "node-zookeeper-client@1.1.3";

    readonly string _folder = Directory.CreateTempSubdirectory("zab-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ToolFact(Java, Javac, ZooKeeperJar)]
    public Task ZooKeepers_client_for_Java_tours_the_ensemble() => JavaAsync("JavaTour", ZooKeeperJar);

    [ToolFact(Java, Javac, ZooKeeperJar, LockJar, ElectionJar, QueueJar)]
    public Task ZooKeepers_recipes_for_lock_election_and_queue_work()
        => JavaAsync("RecipesTour", ZooKeeperJar, LockJar, ElectionJar, QueueJar);

    [ToolFact(Java, Javac, ZooKeeperJar, CuratorJar)]
    public Task Curators_framework_and_recipes_work() => JavaAsync("CuratorTour", ZooKeeperJar, CuratorJar);

    [ToolFact(Gcc, CHeader)]
    public async Task ZooKeepers_client_for_C_tours_the_ensemble()
    {
        var program = Path.Combine(_folder, "tour");
        var (exitCode, output) = await TouredEnsemble.ToolAsync(
            Gcc, "-Wall", "-DTHREADED", "-o", program, TouredEnsemble.File("tour.c"), "-l:libzookeeper_mt.so.2", "-lpthread");
        if (output.Contains("cannot find -l:libzookeeper_mt")) throw new MissingException("libzookeeper-mt2 is not installed.");
        Assert.True(exitCode == 0, output);
        await toured.RunAsync(program, TouredEnsemble.Hosts);
    }

    [ToolFact(Python, KazooRecipes)]
    public Task Kazoos_recipes_work()
        => toured.RunAsync(Python, TouredEnsemble.File("kazoo_recipes.py"), TouredEnsemble.Hosts);

    [ToolFact(Node, Npm)]
    public async Task The_client_for_Node_tours_the_ensemble()
    {
        var (exitCode, _) = await TouredEnsemble.ToolAsync(
            Npm, "install", "--prefix", _folder, "--no-audit", "--no-fund", "--silent", "--ignore-scripts",
            "--fetch-retries=0", NodeClient);
        if (exitCode != 0) throw new MissingException($"npm could not install {NodeClient}.");
        await toured.RunAsync(
            Node, TouredEnsemble.File("tour.js"), TouredEnsemble.Hosts,
            Path.Combine(_folder, "node_modules", "node-zookeeper-client"));
    }

    async Task JavaAsync(string tour, params string[] jars)
    {
        var path = string.Join(':', [_folder, NoLogJar, .. jars]);
        var (exitCode, output) = await TouredEnsemble.ToolAsync(
            Javac, "-d", _folder, "-cp", path, TouredEnsemble.File("Talk.java"), TouredEnsemble.File($"{tour}.java"));
        Assert.True(exitCode == 0, output);
        await toured.RunAsync(Java, "-Xmx256m", "-cp", path, tour, TouredEnsemble.Hosts);
    }
}
