namespace Akka.Zab.ZooKeeper.Words;

/// <summary>ZooKeeper's commands of four letters, answered on the client port before any session.</summary>
internal enum FourLetterWord
{
    Ruok, Srvr, Stat, Mntr, Isro, Conf, Cons, Crst, Srst, Envi, Dump, Wchs, Wchc, Wchp, Dirs, Hash, Gtmk, Stmk,
}
