-- Children of whom the file tells more.
UPDATE subject s SET kana = w.kana, class_name = w.class_name FROM import_child w WHERE s.id = w.subject_id
