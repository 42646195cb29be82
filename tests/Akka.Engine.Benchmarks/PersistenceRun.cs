using System.Diagnostics;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Akka.Engine.Benchmarks;

/// <summary>Events on the disk.</summary>
static class PersistenceRun
{
    const int Events = 300_000;
    const int EventBytes = 100;

    public static async Task MeasureAsync()
    {
        var directory = Directory.CreateTempSubdirectory("persist-");
        try
        {
            var file = Path.Combine(directory.FullName, "journal.db");
            Prepare(file);
            var system = ActorSystem.Create("persist", Configuration(file));
            for (var round = 1; round <= 4; round++)
            {
                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var id = $"writer-{round}";
                var writer = system.ActorOf(Props.Create(() => new Writer(id, done)));
                await writer.Ask<Ready>(new Ready());
                var clock = Stopwatch.StartNew();
                for (var i = 0; i < Events; i++)
                    writer.Tell(new byte[EventBytes], ActorRefs.NoSender);
                await done.Task;
                RemoteRun.Report("persisted events", $"{Events / clock.Elapsed.TotalSeconds:N0}/s");
                system.Stop(writer);
            }
            await system.Terminate();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    static void Prepare(string file)
    {
        Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
    }

    static string Configuration(string file) =>
        $$"""
        akka {
          loglevel = WARNING
          persistence {
            journal.plugin = "akka.persistence.journal.sql"
            snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            journal.sql {
              class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
              connection-string = "Data Source={{file}}"
              provider-name = "SQLite.MS"
              auto-initialize = true
            }
          }
        }
        """;

    sealed record Ready;

    sealed class Writer : UntypedPersistentActor
    {
        readonly TaskCompletionSource _done;
        readonly Action<object> _applied;
        int _left = Events;

        public Writer(string id, TaskCompletionSource done)
        {
            PersistenceId = id;
            _done = done;
            _applied = _ =>
            {
                if (--_left == 0)
                    _done.SetResult();
            };
        }

        public override string PersistenceId { get; }

        protected override void OnCommand(object message)
        {
            if (message is byte[])
                PersistAsync(message, _applied);
            else
                Sender.Tell(message);
        }

        protected override void OnRecover(object message)
        {
        }
    }
}
