using Akka.Persistence.Sql.Db;
using Akka.Persistence.Sql.Db.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Engine.Tests.Persistence.Bundled;

/// <summary>How SQLite's files reach the disk on Linux.</summary>
public sealed class DataSyncVfsTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akka-sync-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [LinuxFact]
    public void A_connection_of_the_plug_ins_uses_fdatasync()
    {
        using (var session = (SqliteSession)Source($"Data Source={PathTo("a")}").Open())
            Assert.Equal(DataSyncVfs.Name, SyncWitness.VfsOf(session.Connection));
        Assert.Null(SqlProvider.Of("SQLite.MS")!.Remark);
    }

    [LinuxTheory]
    [InlineData("Data Source={0};Vfs=unix-dotfile")]
    [InlineData("Data Source=file:{0}?vfs=unix-dotfile")]
    public void A_connection_string_that_names_another_VFS_has_it(string connectionString)
    {
        using var session = (SqliteSession)Source(string.Format(connectionString, PathTo("a"))).Open();
        Assert.Equal("unix-dotfile", SyncWitness.VfsOf(session.Connection));
    }

    [LinuxFact]
    public void Every_commit_syncs_the_log_and_every_checkpoint_both()
    {
        using var connection = Open("a");
        // The log's first sync, that of its head, is SQLite's own: it syncs the directory, too.
        Assert.Equal(["a.db-wal"], SyncsOf(connection, "CREATE TABLE t (x)"));
        for (var i = 1; i <= 3; i++)
            Assert.Equal(["a.db-wal"], SyncsOf(connection, $"INSERT INTO t VALUES ({i})"));
        Assert.Equal(["a.db-wal", "a.db"], SyncsOf(connection, "PRAGMA wal_checkpoint"));
        // The log begins anew.
        Assert.Equal(["a.db-wal", "a.db-wal"], SyncsOf(connection, "INSERT INTO t VALUES (4)"));
        Assert.Equal(["a.db-wal"], SyncsOf(connection, "INSERT INTO t VALUES (5)"));
    }

    [LinuxFact]
    public void A_file_without_a_log_is_synced_at_each_commit()
    {
        using var connection = Open("a", mode: "DELETE");
        Assert.Empty(SyncsOf(connection, "CREATE TABLE t (x)"));
        Assert.Equal(["a.db"], SyncsOf(connection, "INSERT INTO t VALUES (1)"));
    }

    [LinuxFact]
    public void A_file_is_recognised_below_a_symbolic_link()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "real"));
        Directory.CreateSymbolicLink(Path.Combine(_directory, "link"), Path.Combine(_directory, "real"));
        using var connection = Open("link/a");
        Assert.Equal(["real/a.db-wal"], SyncsOf(connection, "CREATE TABLE t (x)"));
    }

    [LinuxFact]
    public void A_number_is_taken_for_a_files_descriptor_only_if_the_kernel_says_so()
    {
        using var file = File.OpenHandle(PathTo("a"), FileMode.CreateNew, FileAccess.Write);
        using var longer = File.OpenHandle(PathTo("a") + "x", FileMode.CreateNew, FileAccess.Write);
        var descriptor = (int)file.DangerousGetHandle();
        Assert.True(SyncWitness.IsTakenFor(descriptor, PathTo("a")));
        Assert.False(SyncWitness.IsTakenFor(descriptor, PathTo("b")));
        Assert.False(SyncWitness.IsTakenFor(descriptor, PathTo("a") + "x"));
        Assert.False(SyncWitness.IsTakenFor((int)longer.DangerousGetHandle(), PathTo("a")));
        Assert.False(SyncWitness.IsTakenFor(-1, PathTo("a")));
        Assert.False(SyncWitness.IsTakenFor(int.MaxValue, PathTo("a")));
        File.Delete(PathTo("a"));
        Assert.False(SyncWitness.IsTakenFor(descriptor, PathTo("a")));
    }

    [LinuxFact]
    public void A_sync_that_fails_fails_the_commit_with_SQLites_own_code()
    {
        using var connection = Open("a");
        Execute(connection, "CREATE TABLE t (x)");
        Execute(connection, "INSERT INTO t VALUES (1)");
        SyncWitness.Fail(PathTo("a") + "-wal", true);
        var failure = Assert.Throws<SqliteException>(() => Execute(connection, "INSERT INTO t VALUES (2)"));
        Assert.Equal(raw.SQLITE_IOERR_FSYNC, failure.SqliteExtendedErrorCode);
        Assert.Equal("1", Query(connection, "SELECT group_concat(x) FROM t"));
        SyncWitness.Fail(PathTo("a") + "-wal", false);
        Execute(connection, "INSERT INTO t VALUES (3)");
        Assert.Equal("1,3", Query(connection, "SELECT group_concat(x) FROM t"));
    }

    [LinuxFact]
    public void Connections_on_many_files_share_nothing_and_leave_nothing_open()
    {
        string[] names = [.. Enumerable.Range(0, 6).Select(i => $"file{i}")];
        // The first opens one file after the other, so that no two make the same one.
        foreach (var name in names)
            using (var connection = Open(name))
                Execute(connection, "CREATE TABLE t (x)");
        Parallel.ForEach(names.Concat(names).Concat(names), name =>
        {
            for (var i = 0; i < 5; i++)
            {
                using var connection = Open(name);
                Execute(connection, $"INSERT INTO t VALUES ('{name}'); PRAGMA wal_checkpoint");
                Execute(connection, $"INSERT INTO t VALUES ('{name}')");
            }
        });
        Assert.Empty(OpenFiles());
        foreach (var name in names)
        {
            using var plain = Open(name, vfs: "unix");
            Assert.Equal("ok", Query(plain, "PRAGMA integrity_check"));
            Assert.Equal($"30|{name}|{name}", Query(plain, "SELECT count(*) || '|' || min(x) || '|' || max(x) FROM t"));
            Assert.NotEmpty(OpenFiles());
        }
    }

    [LinuxFact]
    public void What_one_VFS_has_locked_is_locked_for_the_other()
    {
        using var ours = Open("a", patience: 1);
        using var plain = Open("a", vfs: "unix", patience: 1);
        Execute(ours, "CREATE TABLE t (x); BEGIN IMMEDIATE");
        Assert.Equal(
            raw.SQLITE_BUSY,
            Assert.Throws<SqliteException>(() => Execute(plain, "BEGIN IMMEDIATE")).SqliteErrorCode);
        Execute(ours, "COMMIT");
        Execute(plain, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)");
        Assert.Equal(
            raw.SQLITE_BUSY,
            Assert.Throws<SqliteException>(() => Execute(ours, "BEGIN IMMEDIATE")).SqliteErrorCode);
        Execute(plain, "COMMIT");
        Assert.Equal("1", Query(ours, "SELECT count(*) FROM t"));
    }

    string PathTo(string name) => Path.Combine(_directory, $"{name}.db");

    /// <summary>The files that were synced otherwise than by SQLite itself while a statement ran.</summary>
    string[] SyncsOf(SqliteConnection connection, string sql)
    {
        var before = SyncWitness.SyncsBelow(_directory).Length;
        Execute(connection, sql);
        return SyncWitness.SyncsBelow(_directory)[before..];
    }

    /// <summary>What the process holds open below the directory.</summary>
    string[] OpenFiles() =>
        [.. Directory.GetFiles("/proc/self/fd")
            .Select(link => new FileInfo(link).LinkTarget ?? "")
            .Where(target => target.StartsWith(_directory, StringComparison.Ordinal))];

    SqliteConnection Open(string name, string? vfs = null, string mode = "WAL", int patience = 30)
    {
        var connection = new SqliteConnection(
            $"Data Source={PathTo(name)};Vfs={vfs ?? SyncWitness.Name};Pooling=False;Default Timeout={patience}");
        connection.Open();
        Execute(connection, $"PRAGMA journal_mode = {mode}");
        return connection;
    }

    static SqlSource Source(string connectionString) => SqlProvider.Of("SQLite.MS")!.Parse(connectionString);

    static void Execute(SqliteConnection connection, string sql) => Query(connection, sql);

    static string? Query(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
