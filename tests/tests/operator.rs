//! What an operator does with the boards of a running server, and of one that is not running.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::Path;

use tests::ServerProcess;

#[tokio::test]
async fn boards_are_exported_and_taken_in_while_people_draw() {
    let (old, new) = (ServerProcess::start().await, ServerProcess::start().await);
    let folder = tempfile::tempdir().unwrap();
    let ann = old.site.join("plan", "Ann").await;
    let bob = old.site.join("retro", "Bob").await;
    ann.draw(0.0, 0.0);
    bob.draw(0.0, 0.0);
    bob.draw(1.0, 0.0);
    ann.until_saved().await;
    bob.until_saved().await;

    let said = old.operate(&["export".as_ref(), folder.path()]).await.unwrap();
    assert_eq!(said, "exported 2 boards\n");
    let said = new.operate(&["import".as_ref(), folder.path()]).await.unwrap();
    assert_eq!(said, "imported 2 boards\n");
    for room in ["plan", "retro"] {
        assert_eq!(new.site.elements(room).await, old.site.elements(room).await, "{room}");
    }
    // Where there is a board already, it stays, and who draws there goes on.
    let cleo = new.site.join("plan", "Cleo").await;
    cleo.draw(2.0, 0.0);
    cleo.until_saved().await;
    let said = new.operate(&["import".as_ref(), folder.path()]).await.unwrap();
    assert_eq!(said, "imported 0 boards; 2 are there already (--replace)\n");
    assert_eq!(new.site.elements("plan").await.len(), 2);
    cleo.draw(3.0, 0.0);
    cleo.until_saved().await;
    // Unless it is to be replaced: then they are told that the board has another life.
    let file = folder.path().join("plan.tandem");
    let said = new.operate(&["import".as_ref(), "--replace".as_ref(), &file]).await.unwrap();
    assert_eq!(said, "imported 1 boards\n");
    cleo.until("the end of the board's life", |seen| seen.refused.is_some()).await;
    assert_eq!(new.site.elements("plan").await, old.site.elements("plan").await);
}

#[tokio::test]
async fn a_board_that_somebody_looks_at_comes_to_be_by_an_import() {
    let server = ServerProcess::start().await;
    let folder = tempfile::tempdir().unwrap();
    let ann = server.site.join("plan", "Ann").await;
    ann.draw(0.0, 0.0);
    ann.until_saved().await;
    server.operate(&["export".as_ref(), folder.path()]).await.unwrap();
    let copy = folder.path().join("copy.tandem");
    std::fs::rename(folder.path().join("plan.tandem"), &copy).unwrap();

    let bob = server.site.join("copy", "Bob").await;
    server.operate(&["import".as_ref(), &copy]).await.unwrap();
    bob.until("the board", |seen| seen.elements().len() == 1).await;
    bob.draw(1.0, 0.0);
    bob.until_saved().await;
    assert_eq!(server.site.elements("copy").await.len(), 2);
    assert_eq!(server.site.elements("plan").await.len(), 1);
}

#[tokio::test]
async fn boards_are_exported_deleted_and_backed_up_without_a_server() {
    let mut server = ServerProcess::start().await;
    let folder = tempfile::tempdir().unwrap();
    let ann = server.site.join("plan", "Ann").await;
    ann.draw(0.0, 0.0);
    ann.until_saved().await;
    let elements = server.site.elements("plan").await;
    std::fs::create_dir(folder.path().join("backup")).unwrap();
    let backup = folder.path().join("backup/tandem.db");
    server.operate(&["backup".as_ref(), &backup]).await.unwrap();
    let error = server.operate(&["backup".as_ref(), &backup]).await.unwrap_err();
    assert!(error.contains("is there already"), "{error}");
    drop(ann);
    server.kill9().await;

    // Its socket is still there, and nobody answers.
    let boards = folder.path().join("boards");
    server.operate(&["export".as_ref(), &boards]).await.unwrap();
    server.operate(&["delete".as_ref(), Path::new("plan")]).await.unwrap();
    server.restart().await;
    assert!(server.site.elements("plan").await.is_empty());
    server.operate(&["import".as_ref(), &boards]).await.unwrap();
    assert_eq!(server.site.elements("plan").await, elements);

    // The backup is a data folder when it lies in one.
    let restored = ServerProcess::start_with(&folder.path().join("backup"), |_| ()).await.unwrap();
    assert_eq!(restored.site.elements("plan").await, elements);
}

#[tokio::test]
async fn what_is_no_board_is_refused_by_name() {
    let server = ServerProcess::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.tandem");
    std::fs::write(&file, "hello").unwrap();
    let error = server.operate(&["import".as_ref(), &file]).await.unwrap_err();
    assert!(error.contains("plan.tandem: this is no board file"), "{error}");
    let file = folder.path().join("no name at all.tandem");
    std::fs::write(&file, "hello").unwrap();
    let error = server.operate(&["import".as_ref(), &file]).await.unwrap_err();
    assert!(error.contains("no name at all.tandem"), "{error}");
    assert!(server.site.elements("plan").await.is_empty());
}
